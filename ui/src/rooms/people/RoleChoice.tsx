import { useLingui } from "@lingui/react/macro";
import { Checkbox, Radio } from "@mantine/core";
import type { Role } from "../../bindings/Role";
import { useMe } from "../../app/session";
import css from "./People.module.css";

interface Props {
  role: Role;
  onRole: (role: Role) => void;
  clinical: boolean;
  onClinical: (clinical: boolean) => void;
}

/** What somebody may do, with what it means; of an administrator, whether they are a clinician besides. */
export function RoleChoice({ role, onRole, clinical, onClinical }: Props) {
  const { t } = useLingui();
  const me = useMe();
  return (
    <>
      <Radio.Group label={t`Role`} value={role} onChange={(picked) => onRole(picked as Role)}>
        <div className={css.roles}>
          <Radio value="doctor" label={t`Clinician`} description={t`Opens all charts of the clinic and writes clinical entries`} />
          <Radio value="patient" label={t`Patient`} description={t`Opens their own chart only`} />
          {me.role === "super_admin" ? <Radio value="admin" label={t`Administrator`} description={t`Lets people in and manages devices`} /> : null}
        </div>
      </Radio.Group>
      {role === "admin" ? <Checkbox checked={clinical} onChange={(event) => onClinical(event.currentTarget.checked)} label={t`Also writes clinical entries`} /> : null}
    </>
  );
}
