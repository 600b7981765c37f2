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
