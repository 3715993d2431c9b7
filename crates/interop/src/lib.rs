//! FHIR R4 and other formats in and out of the model; pure.
