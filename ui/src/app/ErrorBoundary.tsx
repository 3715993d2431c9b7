import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { Component, type ErrorInfo, type ReactNode } from "react";
import { asProblem } from "../host/problem";
import { Card } from "../parts/Card";
import { Failed } from "../parts/DataState";

interface Props {
  children: ReactNode;
}

/** Keeps a fault in one screen from taking the window down. Says what happened; never shows a stack. */
export class ErrorBoundary extends Component<Props, { failed: unknown }> {
  override state: { failed: unknown } = { failed: null };

  static getDerivedStateFromError(failed: unknown): { failed: unknown } {
    return { failed };
  }

  override componentDidCatch(_: Error, info: ErrorInfo): void {
    // The component names help a report; the message could hold a value, so it is not logged.
    console.error("A screen failed", info.componentStack);
  }

  override render(): ReactNode {
    if (this.state.failed === null) return this.props.children;
    return <ScreenFailed failed={this.state.failed} onRetry={() => this.setState({ failed: null })} />;
  }
}

/** What stands where a screen should be. */
export function ScreenFailed({ failed, onRetry }: { failed: unknown; onRetry: () => void }) {
  return (
    <div style={{ padding: "var(--page-margin)" }}>
      <Card title={<Trans>This screen could not be shown</Trans>}>
        <Failed problem={asProblem(failed)} onRetry={onRetry} />
        <Button variant="default" onClick={onRetry} ms="md">
          <Trans>Show it again</Trans>
        </Button>
      </Card>
    </div>
  );
}
