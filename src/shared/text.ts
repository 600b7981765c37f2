/** A text in every language Culprit speaks. Placeholders are ICU message arguments: `{path}`. */
export interface Text {
  readonly en: string;
  readonly zh: string;
}

export type Values = Readonly<Record<string, string | number>>;

/** A text with what goes into it, rendered late, in the reader's language, by report/. */
export interface Said {
  readonly text: Text;
  readonly values?: Values;
}

export const say = (text: Text, values?: Values): Said => (values === undefined ? { text } : { text, values });

/**
 * Plain `{name}` placeholders filled in. A value that nobody knows is left to the reader in capitals, as manual pages do: {pid} becomes PID,
 * which is safe to paste, too. Braces of awk, Go templates and jsonpath (`{print}`, `{end}`, `{.status}`) are no names of values.
 */
export const fillIn = (text: string, values: Values): string =>
  text.replace(/\{([a-z][A-Za-z0-9]*)\}/gu, (whole, name: string) => {
    const value = values[name];
    if (value !== undefined) return String(value);
    return name === 'print' || name === 'end' ? whole : name.replaceAll(/[A-Z]/gu, '-$&').toUpperCase();
  });
