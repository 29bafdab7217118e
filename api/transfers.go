package api

import (
	"time"

	"callout/inventory"
	"callout/inventory/receiving"

	"github.com/google/uuid"
)

func (s *Server) transfersHandlers() map[string]handler {
	return map[string]handler{
		"listTransfers": s.listTransfers, "sendTransfer": s.sendTransfer, "getTransfer": s.getTransfer, "receiveTransfer": s.receiveTransfer,
		"settleTransfer": s.settleTransfer, "listDestinations": s.listDestinations,
	}
}

type transfer struct {
	ID           uuid.UUID                `json:"id"`
	Number       string                   `json:"number"`
	Status       receiving.TransferStatus `json:"status"`
	FromLocation uuid.UUID                `json:"from_location_id"`
	FromName     string                   `json:"from_name"`
	FromKind     inventory.Kind           `json:"from_kind"`
	ToLocation   uuid.UUID                `json:"to_location_id"`
	ToName       string                   `json:"to_name"`
	ToKind       inventory.Kind           `json:"to_kind"`
	FromOutlet   *uuid.UUID               `json:"from_outlet_id"`
	ToOutlet     *uuid.UUID               `json:"to_outlet_id"`
	Note         string                   `json:"note"`
	Reason       *string                  `json:"reason"`
	SentBy       *uuid.UUID               `json:"sent_by"`
	ReceivedBy   *uuid.UUID               `json:"received_by"`
	ReceivedAt   *time.Time               `json:"received_at"`
	SettledBy    *uuid.UUID               `json:"settled_by"`
	Lines        []transferLine           `json:"lines"`
	Version      int                      `json:"version"`
	CreatedAt    time.Time                `json:"created_at"`
	UpdatedAt    time.Time                `json:"updated_at"`
}

type transferLine struct {
	PartID          uuid.UUID `json:"part_id"`
	PartNumber      string    `json:"part_number"`
	PartName        string    `json:"part_name"`
	PartNameZh      string    `json:"part_name_zh"`
	Quantity        int       `json:"quantity"`
	Serials         []string  `json:"serials"`
	Received        int       `json:"received"`
	ReceivedSerials []string  `json:"received_serials"`
	Returned        int       `json:"returned"`
	Lost            int       `json:"lost"`
	InTransit       int       `json:"in_transit"`
}

func wireTransfer(k *call, t receiving.Transfer) transfer {
	return transfer{
		ID: t.ID, Number: t.Number, Status: t.Status, FromLocation: t.FromLocation, FromName: k.called(t.FromKind, t.FromName), FromKind: t.FromKind, ToLocation: t.ToLocation, ToName: k.called(t.ToKind, t.ToName), ToKind: t.ToKind,
		FromOutlet: t.FromOutlet, ToOutlet: t.ToOutlet, Note: t.Note, Reason: t.Reason, SentBy: t.SentBy, ReceivedBy: t.ReceivedBy,
		ReceivedAt: t.ReceivedAt, SettledBy: t.SettledBy, Version: t.Version, CreatedAt: t.CreatedAt, UpdatedAt: t.UpdatedAt,
		Lines: each(t.Lines, func(l receiving.TransferLine) transferLine {
			return transferLine{
				PartID: l.PartID, PartNumber: l.PartNumber, PartName: l.PartName, PartNameZh: l.PartNameZh, Quantity: l.Quantity, Serials: orEmpty(l.Serials), Received: l.Received,
				ReceivedSerials: orEmpty(l.ReceivedSerials), Returned: l.Returned, Lost: l.Lost, InTransit: l.Left(),
			}
		}),
	}
}

func (s *Server) listTransfers(k *call) (answer, error) {
	after, err := k.after()
	if err != nil {
		return answer{}, err
	}
	f := receiving.TransferFilter{
		Status: receiving.TransferStatus(k.query("status")), LocationID: k.queryID("location_id"),
		OutletID: k.queryID("outlet_id"), From: k.queryTime("from"), To: k.queryTime("to"),
		Number: k.query("number"), PartID: k.queryID("part_id"),
	}
	page, next, err := s.Dock.ListTransfers(k.ctx, k.by, f, after, k.limit())
	if err != nil {
		return answer{}, err
	}
	return listed(k, page, further(next), func(t receiving.Transfer) transfer { return wireTransfer(k, t) })
}

func (s *Server) sendTransfer(k *call) (answer, error) {
	carried, err := k.carried()
	if err != nil {
		return answer{}, err
	}
	t, err := s.Dock.Send(k.ctx, k.by, carried)
	if err != nil {
		return answer{}, err
	}
	return created("/v1/transfers/"+t.ID.String(), t.Version, wireTransfer(k, t))
}

func (s *Server) getTransfer(k *call) (answer, error) {
	t, err := s.Dock.FindTransfer(k.ctx, k.by, k.id("transfer_id"))
	return replyTransfer(k, t, err)
}

func (s *Server) receiveTransfer(k *call) (answer, error) {
	var body struct {
		Lines []stockLine `json:"lines"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	t, err := s.Dock.ReceiveTransfer(k.ctx, k.by, k.id("transfer_id"), k.version(), stockLines(body.Lines))
	return replyTransfer(k, t, err)
}

func (s *Server) settleTransfer(k *call) (answer, error) {
	var body struct {
		Lines    []stockLine `json:"lines"`
		WriteOff bool        `json:"write_off"`
		Reason   string      `json:"reason"`
	}
	if err := k.body(&body); err != nil {
		return answer{}, err
	}
	t, err := s.Dock.Settle(k.ctx, k.by, k.id("transfer_id"), k.version(), receiving.Settling{
		Back: stockLines(body.Lines), WriteOff: body.WriteOff, Reason: body.Reason,
	})
	return replyTransfer(k, t, err)
}

// replyTransfer answers with the transfer as it is now.
func replyTransfer(k *call, t receiving.Transfer, err error) (answer, error) {
	if err != nil {
		return answer{}, err
	}
	return versioned(t.Version, wireTransfer(k, t))
}

type destination struct {
	ID         uuid.UUID      `json:"id"`
	Code       string         `json:"code"`
	Name       string         `json:"name"`
	Kind       inventory.Kind `json:"kind"`
	OutletID   *uuid.UUID     `json:"outlet_id"`
	OutletName *string        `json:"outlet_name"`
}

func (s *Server) listDestinations(k *call) (answer, error) {
	after, err := k.after()
	if err != nil {
		return answer{}, err
	}
	page, next, err := s.Dock.Destinations(k.ctx, after, k.limit())
	if err != nil {
		return answer{}, err
	}
	return listed(k, page, further(next), func(d receiving.Destination) destination {
		d.Name = k.called(d.Kind, d.Name)
		return destination(d)
	})
}
