package contract

import (
	"slices"
	"testing"

	"callout/internal/words"

	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

func TestTypesAreNamedInTheReadersLanguage(t *testing.T) {
	for _, c := range []struct {
		want             []string
		english, chinese string
	}{
		{[]string{"object"}, "must be of type object", "类型必须是对象"},
		{[]string{"array"}, "must be of type array", "类型必须是数组"},
		{[]string{"string", "null"}, "must be of type string or null", "类型必须是字符串或空值"},
		{[]string{"integer"}, "must be of type integer", "类型必须是整数"},
		{[]string{"number"}, "must be of type number", "类型必须是数字"},
		{[]string{"boolean"}, "must be of type boolean", "类型必须是布尔值"},
	} {
		said := sentences("", &kind.Type{Want: c.want})[0].Detail
		if got, want := []string{said.In(words.English), said.In(words.Chinese)}, []string{c.english, c.chinese}; !slices.Equal(got, want) {
			t.Errorf("%v is %q, want %q", c.want, got, want)
		}
	}
	if said := sentences("", &kind.Format{Want: "date-time"})[0].Detail.In(words.Chinese); said != "必须是日期时间格式" {
		t.Errorf("a time is %q", said)
	}
}
