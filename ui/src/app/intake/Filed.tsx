import { Plural, Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import type { IntakeDone } from "../../bindings/IntakeDone";
import { Card } from "../../parts/Card";
import { Empty } from "../../parts/DataState";
import { LinkButton } from "../LinkButton";

/** The report after filing. */
export function Filed({ done, onAgain }: { done: IntakeDone; onAgain: () => void }) {
  return (
    <Card title={<Trans>Filed</Trans>} padded={false}>
      <Empty
        icon={<IconCircleCheck size="1.75rem" stroke={1.5} aria-hidden />}
        action={
          <span style={{ display: "inline-flex", gap: "0.5rem" }}>
            <Button variant="default" onClick={onAgain}>
              <Trans>Bring in more</Trans>
            </Button>
            <LinkButton to="/patients/$patient" params={{ patient: done.patient }} variant="filled">
              <Trans>Open the chart</Trans>
            </LinkButton>
          </span>
        }
      >
        <span role="status">
          <Plural value={done.filed} one="# entry was filed." other="# entries were filed." />{" "}
          {done.skipped > 0 ? <Plural value={done.skipped} one="# was here already." other="# were here already." /> : null}
        </span>
      </Empty>
    </Card>
  );
}
