package demo

import "crypto/rand"

// Account is a login with the password that was made for it.
type Account struct {
	Login    string `json:"login"`
	Password string `json:"password"`
	Role     string `json:"role"`
	Outlet   string `json:"outlet,omitempty"` // code; "" sees all outlets
	Name     string `json:"name"`
}

// Accounts draws a password for each of the logins, other ones at each call.
func Accounts() []Account {
	var all []Account
	for _, l := range Logins() {
		all = append(all, Account{l.Login, password(), l.Roles[0], l.Outlet, l.Name})
	}
	return all
}

// password is four groups of letters and digits that nobody takes for each other, 79 bits of chance.
func password() string {
	const letters = "23456789abcdefghjkmnpqrstuvwxyz" // no 0 o 1 l i
	random := make([]byte, 64)
	var text []byte
	for len(text) < 19 {
		if _, err := rand.Read(random); err != nil {
			panic(err) // it never fails
		}
		for _, b := range random {
			switch {
			case len(text) == 19:
			case len(text)%5 == 4:
				text = append(text, '-')
			// Of 256 the first 248 fall alike on 31 letters.
			case b < 248:
				text = append(text, letters[b%31])
			}
		}
	}
	return string(text)
}

// roles are the roles in Chinese.
var roles = map[string]string{
	"admin": "管理员", "supervisor": "售后主管", "dispatcher": "调度员", "agent": "客服专员", "technician": "服务工程师",
	"warehouse": "库管", "inspector": "质检专员",
}

// RoleZh is the role in Chinese.
func (a Account) RoleZh() string { return roles[a.Role] }
