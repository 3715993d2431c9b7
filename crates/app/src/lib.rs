//! The services, the request list, tasks and clock: what every shell talks to.
