package api

import (
	"encoding/json"
	"net/http"

	"callout/internal/words"

	"github.com/gin-gonic/gin"
	"github.com/swaggest/swgui"
	"github.com/swaggest/swgui/v5emb"
)

// docRoutes serves the contract, and a page to read it that needs nothing from elsewhere.
func (s *Server) docRoutes(r *gin.Engine) {
	documents := map[words.Language][]byte{}
	for _, l := range []words.Language{words.English, words.Chinese} {
		documents[l] = inLanguage(s.contract.Document, l)
	}
	r.GET("/openapi.json", func(c *gin.Context) {
		c.Data(http.StatusOK, "application/json; charset=utf-8", documents[docLanguage(c)])
	})
	page := func(l words.Language) http.Handler {
		return v5emb.NewHandlerWithConfig(swgui.Config{
			Title: "Callout", SwaggerJSON: "/openapi.json?lang=" + string(l), BasePath: "/docs/" + string(l) + "/",
			HideCurl: true, SettingsUI: map[string]string{"validatorUrl": "null", "docExpansion": `"list"`, "filter": "true", "showExtensions": "true"},
		})
	}
	for l := range documents {
		r.GET("/docs/"+string(l)+"/*any", gin.WrapH(page(l)))
	}
	r.GET("/", func(c *gin.Context) { c.Redirect(http.StatusFound, "/docs") })
	r.GET("/docs", func(c *gin.Context) { c.Redirect(http.StatusFound, "/docs/"+string(docLanguage(c))+"/") })
}

// docLanguage is the language asked for by ?lang=, or else by the browser.
func docLanguage(c *gin.Context) words.Language {
	if l := words.Language(c.Query("lang")); l == words.Chinese || l == words.English {
		return l
	}
	return words.Prefer(c.GetHeader("Accept-Language"))
}

// inLanguage puts the Chinese summaries of a contract in the place of the English ones.
func inLanguage(document []byte, l words.Language) []byte {
	if l != words.Chinese {
		return document
	}
	var doc any
	if err := json.Unmarshal(document, &doc); err != nil {
		return document
	}
	translate(doc)
	b, err := json.Marshal(doc)
	if err != nil {
		return document
	}
	return b
}

func translate(node any) {
	switch n := node.(type) {
	case map[string]any:
		if zh, ok := n["x-zh-description"].(string); ok {
			n["description"] = zh
		}
		if zh, ok := n["x-zh"].(string); ok {
			if _, tag := n["description"]; tag && n["summary"] == nil {
				n["description"] = zh
			} else {
				n["summary"] = zh
			}
		}
		for _, v := range n {
			translate(v)
		}
	case []any:
		for _, v := range n {
			translate(v)
		}
	}
}
