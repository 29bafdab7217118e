package demo

import "strings"

// Part is one of the catalogue, which is made up.
type Part struct {
	Number         string
	Name           string
	NameZh         string
	Unit           string // what a quantity counts
	Serialized     bool
	ReturnRequired bool   // the old one comes back when a new one is used
	GTIN           string // of the prefix 952, which GS1 keeps for examples
	Cost, Price    int64  // for one, in US cents
	WarrantyDays   int    // how long a repair with it is covered; 0 as the policy says
}

// Parts lists the catalogue. The mapping of the requests asks for some of them.
func Parts() []Part {
	return []Part{
		{"SL-LED-100", "Street light LED head 100 W (made up)", "100 W LED 路灯灯头（虚构）", "piece", true, true, "9521234560012", 11800, 18900, 730},
		{"SL-LAMP-150", "Street light bulb, sodium 150 W (made up)", "150 W 钠灯泡（虚构）", "piece", false, false, "9521234560029", 1450, 2900, 180},
		{"SL-BALLAST-150", "Ballast 150 W (made up)", "150 W 镇流器（虚构）", "piece", true, true, "9521234560036", 3400, 5900, 365},
		{"SL-PHOTOCELL", "Photocell (made up)", "光控开关（虚构）", "piece", false, false, "9521234560043", 620, 1290, 365},
		{"SL-CONTROLLER", "Lamp controller with radio (made up)", "无线单灯控制器（虚构）", "piece", true, true, "9521234560050", 6200, 9900, 730},
		{"SL-FUSE-10", "Fuse 10 A (made up)", "10 A 熔断器（虚构）", "piece", false, false, "9521234560067", 85, 250, 0},
		{"SL-CABLE-25", "Cable 2.5 mm² (made up)", "2.5 mm² 电缆（虚构）", "metre", false, false, "9521234560074", 110, 290, 0},
		{"WA-VALVE-25", "Shut-off valve 25 mm (made up)", "25 mm 截止阀（虚构）", "piece", false, false, "9521234560081", 1900, 3900, 365},
		{"WA-METER-25", "Water meter 25 mm (made up)", "25 mm 水表（虚构）", "piece", true, true, "9521234560098", 7400, 11900, 730},
		{"GR-REMOVER-5", "Graffiti remover 5 l (made up)", "5 升涂鸦清除剂（虚构）", "can", false, false, "9521234560104", 2300, 4200, 0},
		{"GR-PAINT-GREY", "Masking paint, grey 5 l (made up)", "5 升灰色遮盖漆（虚构）", "can", false, false, "9521234560111", 1750, 3200, 0},
		{"AP-CYLINDER-12", "Refrigerant recovery cylinder 12 kg (made up)", "12 kg 制冷剂回收钢瓶（虚构）", "piece", true, false, "9521234560128", 8900, 12900, 0},
		{"GE-BAG-120", "Heavy-duty bags 120 l, roll (made up)", "120 升加厚垃圾袋（卷，虚构）", "roll", false, false, "9521234560135", 450, 900, 0},
	}
}

// Mark is what the serials of a part begin with, short enough for GS1: LED100 of SL-LED-100.
func Mark(number string) string {
	var mark string
	for word := range strings.SplitSeq(number[3:], "-") {
		mark += word[:min(len(word), 3)]
	}
	return mark
}

// warranty is how long a repair with the part is covered, in days; nil as the policy says.
func (p Part) warranty() *int {
	if p.WarrantyDays == 0 {
		return nil
	}
	return &p.WarrantyDays
}
