import { Plural, Trans, useLingui } from "@lingui/react/macro";
import type { IntakeView } from "../../bindings/IntakeView";
import { Card } from "../../parts/Card";
import css from "./Intake.module.css";

/** What became of every kind of resource, and what could not be read: nothing is left out in silence. */
export function Leftovers({ intake }: { intake: IntakeView }) {
  const { t } = useLingui();
  if (intake.types.length === 0 && intake.problems.length === 0) return null;
  return (
    <Card title={<Trans>The file in numbers</Trans>}>
      {intake.types.length > 0 ? (
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">{t`Kind in the file`}</th>
              <th scope="col" className="right">{t`In the file`}</th>
              <th scope="col" className="right">{t`As entries`}</th>
              <th scope="col" className="right">{t`Left out`}</th>
              <th scope="col" className="right">{t`Original only`}</th>
            </tr>
          </thead>
          <tbody>
            {intake.types.map((type) => (
              <tr key={type.resource_type}>
                <td>{type.resource_type}</td>
                <td className="right">{type.total}</td>
                <td className="right">{type.mapped}</td>
                <td className="right">{type.ignored}</td>
                <td className="right">{type.kept}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ) : null}
      {intake.problems.length > 0 ? (
        <details className={css.problems}>
          <summary>
            <Plural value={intake.problems.length} one="# element could not be read" other="# elements could not be read" />
          </summary>
          <ul>
            {intake.problems.map((problem, at) => (
              <li key={at}>
                <span className="mono">
                  {problem.resource} {problem.element}
                </span>
                : {problem.sentence}
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </Card>
  );
}
