// Package vroom reads problems and writes solutions in the JSON of VROOM, the open-source
// route optimizer (docs/API.md of VROOM-Project/vroom, version 1.14), so that whoever sends his
// problems there can send them here.
//
// It owns the document's members, their meaning and their limits. It does not own the search.
//
// # What is as there
//
// Jobs, vehicles, breaks, skills, priorities, amounts in several dimensions, matrices by profile,
// costs, speed factors, limits of tasks, time and distance, windows with both ends included.
// The objective is VROOM's: the largest sum of priorities, then most jobs, then the least cost.
//
// # What is different
//
//   - Without matrices, drives are estimated: the great circle × 1.3 at 30 km/h. No routing
//     engine is asked, and no geometry is written.
//   - A job that stands in a vehicle's steps is held to that vehicle; where the step names
//     service_at, to that moment as well; service_after and service_before narrow its windows.
//     The search begins with the jobs in the order of the steps. What is held so is settled: it is
//     always served, and its skills and, with service_at, its windows are not judged.
//   - Breaks are not taken by vehicles without jobs, which have no route.
//   - service_per_type and setup_per_type are taken where they amount to one pace for a type of
//     vehicle, exact to a thousandth.
//   - Shipments, max_load and costs without durations are refused by name, and so is every
//     member that VROOM does not document.
package vroom
