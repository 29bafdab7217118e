package api

import (
	"net/http"

	"callout/internal/words"

	"github.com/gin-gonic/gin"
	"github.com/swaggest/swgui"
	"github.com/swaggest/swgui/v5emb"
)

// docRoutes serves the contract, and a page to read it that needs nothing from elsewhere.
func (s *Server) docRoutes(r *gin.Engine) {
	documents := map[words.Language][]byte{words.English: s.contract.Document, words.Chinese: s.contract.Chinese}
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
