/** One word of a POSIX shell command line: as it is where that is safe, else in single quotes. */
export const shellQuote = (word: string): string => (/^[\w./:=@%+,-]+$/u.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);
