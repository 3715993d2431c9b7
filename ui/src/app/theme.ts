import { Button, createTheme, defaultVariantColorsResolver, type CSSVariablesResolver, type MantineColorsTuple, type VariantColorsResolver } from "@mantine/core";

/** Ten steps around the accent; only Mantine's own internals see them, our rules use the colour roles of `roles.css`. */
const sea: MantineColorsTuple = [
  "#e3f2f5", "#cbe5eb", "#9fd0da", "#6fb9c8", "#4fb8cf", "#2b8ea6", "#0b6e86", "#08586b", "#064655", "#04343f",
];

/** Mantine's own greys, moved to ours, for the few places it paints by number. */
const dark: MantineColorsTuple = ["#e8eef3", "#b4c2cd", "#94a4b1", "#5f6f7e", "#3a4854", "#2a3640", "#171f27", "#171f27", "#0f161c", "#0a1117"];
const gray: MantineColorsTuple = ["#f8fafb", "#f5f7f9", "#e2e7ec", "#e2e7ec", "#cdd5dd", "#a9b5c0", "#5f6f7e", "#465564", "#2b3946", "#16202b"];

/** Height, padding and type of a button by its size, in rem; 32 px is the least for anything that is not inside a line of text. */
const BUTTONS: Record<string, [string, string, string]> = {
  xs: ["2rem", "0.75rem", "0.8125rem"],
  sm: ["2.125rem", "0.875rem", "0.84375rem"],
  "compact-xs": ["1.625rem", "0.5rem", "0.78125rem"],
  "compact-sm": ["1.75rem", "0.5rem", "0.8125rem"],
};

/** Buttons and badges in our roles: `red` is the fill for danger to a person, everything else is the accent. */
const variants: VariantColorsResolver = (input) => {
  const plain = defaultVariantColorsResolver(input);
  if (input.color === "red") return danger(input.variant, plain);
  if (input.variant === "filled") {
    return { ...plain, background: "var(--accent)", hover: "var(--accent-strong)", color: "var(--on-accent)", border: "1px solid transparent" };
  }
  if (input.variant === "light") {
    return { ...plain, background: "var(--accent-soft)", hover: "var(--accent-soft)", color: "var(--accent-strong)", border: "1px solid transparent" };
  }
  if (input.variant === "subtle" || input.variant === "transparent") {
    return { ...plain, background: "transparent", hover: "var(--accent-soft)", color: "var(--accent)", border: "1px solid transparent" };
  }
  return plain;
};

function danger(variant: string, plain: ReturnType<VariantColorsResolver>): ReturnType<VariantColorsResolver> {
  if (variant === "filled") {
    return { ...plain, background: "var(--crit-fill)", hover: "var(--crit-fill-strong)", color: "var(--on-crit)", border: "1px solid transparent" };
  }
  return { ...plain, background: "transparent", hover: "var(--crit-soft)", color: "var(--crit)", border: "1px solid var(--crit-line)" };
}

/** Hands our roles to Mantine's own variables, so that its parts look like ours in both themes. */
export const cssVariables: CSSVariablesResolver = () => {
  const roles = {
    "--mantine-color-body": "var(--surface)",
    "--mantine-color-text": "var(--ink)",
    "--mantine-color-dimmed": "var(--ink-3)",
    "--mantine-color-placeholder": "var(--ink-3)",
    "--mantine-color-anchor": "var(--accent)",
    "--mantine-color-default": "var(--surface)",
    "--mantine-color-default-hover": "var(--surface-2)",
    "--mantine-color-default-color": "var(--ink)",
    "--mantine-color-default-border": "var(--line-strong)",
    "--mantine-color-error": "var(--crit)",
    "--mantine-color-disabled": "var(--surface-2)",
    "--mantine-color-disabled-color": "var(--ink-3)",
    "--mantine-color-disabled-border": "var(--line)",
    "--mantine-primary-color-filled": "var(--accent)",
    "--mantine-primary-color-filled-hover": "var(--accent-strong)",
    "--mantine-primary-color-light": "var(--accent-soft)",
    "--mantine-primary-color-light-hover": "var(--accent-soft)",
    "--mantine-primary-color-light-color": "var(--accent-strong)",
    "--mantine-primary-color-contrast": "var(--on-accent)",
  };
  return { variables: {}, light: roles, dark: roles };
};

/** Shape and type of every Mantine part. Sizes are those of the visual language; colours come from the roles. */
export const theme = createTheme({
  colors: { sea, dark, gray },
  primaryColor: "sea",
  primaryShade: 6,
  fontFamily: '"Inter Variable", system-ui, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "DejaVu Sans Mono", monospace',
  fontSizes: { xs: "0.71875rem", sm: "0.84375rem", md: "0.875rem", lg: "1rem", xl: "1.25rem" },
  lineHeights: { xs: "1rem", sm: "1.25rem", md: "1.25rem", lg: "1.5rem", xl: "1.625rem" },
  radius: { xs: "0.25rem", sm: "0.375rem", md: "0.5rem", lg: "0.625rem", xl: "2rem" },
  defaultRadius: "md",
  spacing: { xs: "0.5rem", sm: "0.75rem", md: "1rem", lg: "1.25rem", xl: "2rem" },
  headings: { fontWeight: "620" },
  cursorType: "pointer",
  focusRing: "auto",
  respectReducedMotion: true,
  variantColorResolver: variants,
  components: {
    Button: Button.extend({
      defaultProps: { size: "sm" },
      styles: { label: { fontWeight: 550 } },
      vars: (_, { size }) => {
        const [height, padding, font] = BUTTONS[String(size)] ?? (BUTTONS.sm as [string, string, string]);
        return { root: { "--button-height": height, "--button-padding-x": padding, "--button-fz": font } };
      },
    }),
    ActionIcon: { defaultProps: { variant: "subtle", size: 32 } },
    TextInput: { defaultProps: { size: "sm" } },
    PasswordInput: { defaultProps: { size: "sm" } },
    Select: { defaultProps: { size: "sm", allowDeselect: false } },
    Textarea: { defaultProps: { size: "sm", autosize: true, minRows: 3 } },
    InputWrapper: { styles: { label: { fontSize: "0.78125rem", fontWeight: 600, marginBottom: "0.25rem", color: "var(--ink-2)" }, description: { color: "var(--ink-3)", fontSize: "0.78125rem", marginBottom: "0.125rem" }, error: { fontSize: "0.78125rem" } } },
    Modal: { defaultProps: { centered: true, overlayProps: { backgroundOpacity: 0.45 }, transitionProps: { duration: 120 }, shadow: "md" }, styles: { title: { fontSize: "1rem", fontWeight: 620 } } },
    Menu: { defaultProps: { shadow: "md", transitionProps: { duration: 120 } } },
    Tooltip: { defaultProps: { openDelay: 300, transitionProps: { duration: 120 } } },
  },
});
