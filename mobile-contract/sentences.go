package contract

import (
	"fmt"
	"math/big"
	"strings"

	"callout/internal/fault"
	"callout/internal/words"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// isChoice says whether an error is about none of several shapes fitting: its causes would contradict each other.
func isChoice(e *jsonschema.ValidationError) bool {
	switch e.ErrorKind.(type) {
	case *kind.AnyOf, *kind.OneOf:
		return true
	}
	return false
}

// notBlank is how the patterns begin that ask for something besides white space.
const notBlank = `[^\s`

// sentences says what a broken constraint at a place asks for.
func sentences(at string, k jsonschema.ErrorKind) fault.Faults {
	var f fault.Faults
	switch k := k.(type) {
	case *kind.Required:
		for _, m := range k.Missing {
			f.Add(at+"/"+escape.Replace(m), "is required")
		}
	case *kind.DependentRequired:
		for _, m := range k.Missing {
			f.Add(at+"/"+escape.Replace(m), "is required with %s", k.Prop)
		}
	case *kind.AdditionalProperties:
		for _, m := range k.Properties {
			f.Add(at+"/"+escape.Replace(m), "is not known here")
		}
	case *kind.FalseSchema:
		f.Add(at, "is not known here")
	case *kind.Type:
		f.Add(at, "must be of type %s", oneOf(k.Want))
	case *kind.Enum:
		f.Add(at, "must be one of %s", list(k.Want))
	case *kind.Const:
		f.Add(at, "must be %s", fmt.Sprint(k.Want))
	case *kind.Format:
		f.Add(at, "must be a %s", words.Noun(k.Want))
	case *kind.Pattern:
		if strings.HasPrefix(k.Want, notBlank) {
			f.Add(at, "must not be blank")
		} else {
			f.Add(at, "must match %s", k.Want)
		}
	case *kind.MinLength:
		f.Add(at, "must have at least %d characters", k.Want)
	case *kind.MaxLength:
		f.Add(at, "must have at most %d characters", k.Want)
	case *kind.MinItems:
		f.Add(at, "must hold at least %d", k.Want)
	case *kind.MaxItems:
		f.Add(at, "must hold at most %d", k.Want)
	case *kind.MinProperties:
		f.Add(at, "must hold at least %d", k.Want)
	case *kind.MaxProperties:
		f.Add(at, "must hold at most %d", k.Want)
	case *kind.UniqueItems:
		f.Add(fmt.Sprintf("%s/%d", at, k.Duplicates[1]), "is the same as item %d", k.Duplicates[0])
	case *kind.Minimum:
		f.Add(at, "must be at least %s", number(k.Want))
	case *kind.Maximum:
		f.Add(at, "must be at most %s", number(k.Want))
	case *kind.ExclusiveMinimum:
		f.Add(at, "must be more than %s", number(k.Want))
	case *kind.ExclusiveMaximum:
		f.Add(at, "must be less than %s", number(k.Want))
	case *kind.MultipleOf:
		f.Add(at, "must be a multiple of %s", number(k.Want))
	case *kind.AnyOf, *kind.OneOf:
		f.Add(at, "fits none of the shapes that the contract offers, or more than one")
	default:
		f.Add(at, "does not fit the contract")
	}
	return f
}

// oneOf are the names of types, each in the reader's language.
func oneOf(types []string) words.Text {
	t := words.Say("%s", words.Noun(types[0]))
	for _, name := range types[1:] {
		t = words.Say("%s or %s", t, words.Noun(name))
	}
	return t
}

func list(values []any) string {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i] = fmt.Sprint(v)
	}
	return strings.Join(texts, ", ")
}

func number(r *big.Rat) string { return r.RatString() }
