package policy

import (
	_ "embed"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
)

// Name names a figure.
type Name string

// The figures. Those of a priority are named by CaseResponse, CaseCompletion and RankingDelay.
const (
	CaseAcknowledge      Name = "case_acknowledge"
	CaseResponseAlert    Name = "case_response_alert"
	VisitContactBefore   Name = "visit_contact_before"
	PartReturnDue        Name = "part_return_due"
	RepairedPartCover    Name = "repaired_part_warranty"
	TravelDetour         Name = "travel_detour"
	TravelSpeed          Name = "travel_speed"
	RankingTravel        Name = "ranking_travel"
	RankingLateness      Name = "ranking_lateness"
	RankingWaiting       Name = "ranking_waiting"
	RankingLevel         Name = "ranking_level"
	RankingLoad          Name = "ranking_load"
	RankingCost          Name = "ranking_cost"
	RankingMissingPart   Name = "ranking_missing_part"
	RankingContinuity    Name = "ranking_continuity"
	ArrivalLate          Name = "arrival_late"
	ArrivalRange         Name = "arrival_range"
	ArrivalPrecision     Name = "arrival_precision"
	SlotLength           Name = "slot_length"
	SlotOpens            Name = "slot_opens"
	SlotCloses           Name = "slot_closes"
	SlotLead             Name = "slot_lead"
	SlotHorizon          Name = "slot_horizon"
	SlotHold             Name = "slot_hold"
	SlotCheap            Name = "slot_cheap"
	PlanFrozen           Name = "plan_frozen"
	PlanKmCost           Name = "plan_km_cost"
	PlanBudget           Name = "plan_budget"
	PlanNightly          Name = "plan_nightly"
	PlanNightlyBudget    Name = "plan_nightly_budget"
	PlanHorizon          Name = "plan_horizon"
	PlanNightlyApply     Name = "plan_nightly_apply"
	RiskSlack            Name = "risk_slack"
	RunningLate          Name = "running_late"
	RunningEarly         Name = "running_early"
	RepairNeighbors      Name = "repair_neighbors"
	RepairAutoApply      Name = "repair_auto_apply"
	PartAutoApprove      Name = "part_request_auto_approve"
	PartReservation      Name = "part_reservation"
	PartShortage         Name = "part_use_shortage"
	SignalWindow         Name = "signal_window"
	SignalNeverIssued    Name = "signal_used_never_issued"
	SignalOldSerial      Name = "signal_old_serial_differs"
	SignalReturnedTwice  Name = "signal_returned_twice"
	SignalSelfDealing    Name = "signal_self_dealing"
	SignalWithoutNeed    Name = "signal_used_without_need"
	SignalConsumption    Name = "signal_unusual_consumption"
	SignalPeers          Name = "signal_peers"
	SignalPeerJobs       Name = "signal_peer_jobs"
	SignalExcess         Name = "signal_excess"
	SignalReturnOverdue  Name = "signal_return_overdue"
	SignalVariance       Name = "signal_repeated_variance"
	SignalShortage       Name = "signal_shortage_unsettled"
	SignalTransit        Name = "signal_transit_stuck"
	SignalReappeared     Name = "signal_reappeared"
	SignalKept           Name = "signal_kept_unusually"
	SignalKeptUnsealed   Name = "signal_kept_unsealed"
	SignalBeyondNeed     Name = "signal_used_beyond_need"
	SignalTakenBack      Name = "signal_taken_back_late"
	SignalVendorSilent   Name = "signal_vendor_silent"
	SignalPlaceVariance  Name = "signal_place_variance"
	SignalLargeVariance  Name = "signal_large_variance"
	SignalWrittenOff     Name = "signal_written_off"
	SignalWitnessPair    Name = "signal_witness_pair"
	SignalWitnessShare   Name = "signal_witness_share"
	CountCycleParts      Name = "count_cycle_parts"
	CountApproval        Name = "count_approval"
	DeliveryOver         Name = "delivery_over"
	ReplenishmentHorizon Name = "replenishment_horizon"
	ReplenishmentAuto    Name = "replenishment_auto"
)

// RankingDelay names the points of an hour that a customer of a priority waits: P0, P1 or P2.
func RankingDelay(priority string) Name { return Name("ranking_delay_" + strings.ToLower(priority)) }

// CaseResponse names the time to the first response to a case of a priority: P0, P1 or P2.
func CaseResponse(priority string) Name { return Name("case_response_" + strings.ToLower(priority)) }

// CaseCompletion names the time to the completion of a case of a priority: P0, P1 or P2.
func CaseCompletion(priority string) Name {
	return Name("case_completion_" + strings.ToLower(priority))
}

// Unit is what a figure counts.
type Unit string

// The units.
const (
	UnitMinute    Unit = "minute"
	UnitHour      Unit = "hour"
	UnitDay       Unit = "day"
	UnitFactor    Unit = "factor"
	UnitKmPerHour Unit = "km_per_hour"
	UnitMetre     Unit = "metre"
	UnitPoints    Unit = "points"
)

// Which says on which calendar a time passes.
type Which string

// The calendars: time as it passes, and working time alone.
const (
	Clock   Which = "clock"
	Working Which = "working"
)

// Figure is one value of a policy. Calendar is set for times alone.
type Figure struct {
	Value    float64 `json:"value"`
	Unit     Unit    `json:"unit"`
	Calendar Which   `json:"calendar,omitempty"`
	Source   string  `json:"source"` // where the value comes from
}

// WorkingCalendar says which days and hours are worked. Dates are ISO 8601, times of day HH:MM.
type WorkingCalendar struct {
	Days       []string `json:"days"` // mon … sun
	Opens      string   `json:"opens"`
	Closes     string   `json:"closes"`
	DaysOff    []string `json:"days_off"`
	MakeUpDays []string `json:"make_up_days"`
	Source     string   `json:"source"`
}

// TravelPace says how fast traffic is, per mille of the figure travel_speed, in each hour of the day
// where it happens.
type TravelPace struct {
	Weekday []int  `json:"weekday"` // 24, Monday to Friday
	Weekend []int  `json:"weekend"` // 24, Saturday and Sunday
	Source  string `json:"source"`
}

// Document is the content of a policy, as it is stored.
type Document struct {
	TimeZone        string          `json:"time_zone"`
	WorkingCalendar WorkingCalendar `json:"working_calendar"`
	TravelPace      TravelPace      `json:"travel_pace"`
	Figures         map[Name]Figure `json:"figures"`
}

//go:embed defaults.yaml
var defaultsYAML []byte

var defaults = sync.OnceValues(func() (Document, error) {
	var d Document
	err := yaml.UnmarshalWithOptions(defaultsYAML, &d, yaml.Strict())
	return d, err
})
