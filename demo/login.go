package demo

// Login is an account of the demo. Its password is made when the demo is loaded, and shown once.
type Login struct {
	Login      string
	Name       string
	Language   string   // en or zh-CN
	Roles      []string // one
	Outlet     string   // code; "" sees all outlets
	Technician string   // code of the technician who signs in by it, or ""
}

// Logins lists one account for each role, and a dispatcher who sees one outlet only.
func Logins() []Login {
	return []Login{
		{"admin@callout.example", "Demo administrator (made up)", "en", []string{"admin"}, "", ""},
		{"supervisor@callout.example", "演示主管（虚构）", "zh-CN", []string{"supervisor"}, "", ""},
		{"dispatcher@callout.example", "演示调度员（虚构）", "zh-CN", []string{"dispatcher"}, "", ""},
		{"agent@callout.example", "Demo agent (made up)", "en", []string{"agent"}, "", ""},
		{"technician@callout.example", "Demo technician (made up)", "en", []string{"technician"}, "R11", "R11-01"},
		{"warehouse@callout.example", "演示库管（虚构）", "zh-CN", []string{"warehouse"}, "R11", ""},
		{"inspector@callout.example", "Demo inspector (made up)", "en", []string{"inspector"}, "", ""},
		{"dispatcher-r11@callout.example", "Demo dispatcher of West LA (made up)", "en", []string{"dispatcher"}, "R11", ""},
	}
}
