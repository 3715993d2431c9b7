//! SMART Health Links: make, encrypt, serve, read; QR codes.
