/** LOINC codes of the signs that are kept. */
export const loinc = {
  SYSTOLIC: "8480-6",
  DIASTOLIC: "8462-4",
  PRESSURE: "85354-9",
  HEART_RATE: "8867-4",
  SPO2: "59408-5",
  TEMPERATURE: "8310-5",
  RESPIRATION: "9279-1",
  GLUCOSE: "2339-0",
  HEIGHT: "8302-2",
  WEIGHT: "29463-7",
  BMI: "39156-5",
} as const;
