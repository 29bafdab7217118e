// Package blob keeps the bytes of photos and signatures, outside the database.
//
// It owns where the bytes lie (a directory, an S3 bucket, memory) and that a key holds either
// all of its bytes or nothing. It does not own what the bytes mean, whether they are a picture,
// or who may see them: that is evidence.
package blob
