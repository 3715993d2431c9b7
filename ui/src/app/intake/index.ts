export { Filed } from "./Filed";
export { Intake } from "./Intake";
