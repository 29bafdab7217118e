// Package solomon reads the vehicle-routing benchmarks of Solomon and of Gehring & Homberger in
// their text form, and writes solutions as JSON.
//
// It owns the form and the convention of the 12th DIMACS challenge (2022): a drive is the
// Euclidean distance × 10, truncated to a whole number, ÷ 10; it is the time that the drive takes
// as well; the objective is the sum of the distances, with at most as many vehicles as the file
// says. It does not own the search. Inside, times are tenths of the file's.
package solomon
