//! What crosses rooms: devices, faults, vectors, arrows, the real window.
