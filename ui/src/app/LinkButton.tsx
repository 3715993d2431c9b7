import { Button, type ButtonProps } from "@mantine/core";
import { createLink } from "@tanstack/react-router";
import { forwardRef, type AnchorHTMLAttributes } from "react";

type Props = ButtonProps & Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof ButtonProps>;

const Anchor = forwardRef<HTMLAnchorElement, Props>(function Anchor(props, ref) {
  return <Button ref={ref} component="a" variant="default" {...props} />;
});

/** A button that leads to another screen: a true link, so that it is announced and opened as one. */
export const LinkButton = createLink(Anchor);
