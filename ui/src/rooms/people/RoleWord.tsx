import { Trans } from "@lingui/react/macro";
import type { Role } from "../../bindings/Role";

/** A role in words. */
export function RoleWord({ role }: { role: Role }) {
  if (role === "patient") return <Trans>Patient</Trans>;
  if (role === "doctor") return <Trans>Clinician</Trans>;
  if (role === "admin") return <Trans>Administrator</Trans>;
  return <Trans>Head administrator</Trans>;
}
