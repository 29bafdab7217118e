package demo

// Skill is one that jobs ask for and technicians are certified in.
type Skill struct {
	Code   string
	Name   string
	NameZh string
}

// Skills lists what the mapping of the requests asks for, and one that is rarely needed.
func Skills() []Skill {
	return []Skill{
		{"graffiti", "Graffiti removal", "涂鸦清除"},
		{"outreach", "Encampment outreach", "露营点处置"},
		{"animal", "Animal remains", "动物遗骸清运"},
		{"bulky", "Bulky items", "大件清运"},
		{"e_waste", "Electronic waste", "电子废弃物"},
		{"dumping", "Illegal dumping", "违规倾倒清理"},
		{"appliance", "Metal and appliances", "金属与家电"},
		{"streetlight", "Street lighting", "路灯维修"},
		{"water", "Water waste", "用水浪费处理"},
		{"general", "General service", "综合服务"},
	}
}

// trade is what somebody has learned, and the work that he is hired for.
type trade struct {
	work   []string // skills
	skills []learned
}

// learned is a skill with the range of levels that those who have it hold.
type learned struct {
	skill    string
	low, top int
	outOf10  int // how many of ten have it
}

// trades, those of rare work first: the first technician of an outlet can mend street lights,
// if any of its jobs asks for it.
var trades = []trade{
	{[]string{"streetlight", "water"}, []learned{
		{"streetlight", 4, 5, 10}, {"water", 2, 4, 8}, {"e_waste", 2, 4, 8}, {"appliance", 2, 4, 6}, {"graffiti", 1, 3, 6}, {"general", 1, 3, 5},
	}},
	{[]string{"outreach"}, []learned{
		{"outreach", 3, 5, 10}, {"animal", 1, 3, 8}, {"general", 1, 3, 7}, {"bulky", 1, 2, 6}, {"graffiti", 1, 2, 4}, {"streetlight", 1, 2, 2},
	}},
	{[]string{"graffiti", "animal", "general"}, []learned{
		{"graffiti", 2, 5, 10}, {"dumping", 1, 4, 8}, {"animal", 1, 3, 7}, {"general", 1, 4, 7}, {"bulky", 1, 2, 5},
	}},
	{[]string{"bulky", "appliance", "e_waste", "dumping"}, []learned{
		{"bulky", 2, 5, 10}, {"appliance", 2, 4, 9}, {"dumping", 2, 4, 8}, {"e_waste", 1, 3, 7}, {"general", 1, 2, 4}, {"streetlight", 1, 3, 1},
	}},
}
