/** A day as people write it: 2021-02-04, 2021-02-04 10:00, Feb 4 2021, 4 Feb 2021, Thu Feb  4 10:00:00 UTC 2021. */
export function dateIn(text: string): string | undefined {
  const iso = /\b(\d{4})[-/](\d\d)[-/](\d\d)(?:[tT ](\d\d:\d\d(?::\d\d)?)[zZ]?)?/u.exec(text);
  if (iso !== null) return `${iso[1] ?? ''}-${iso[2] ?? ''}-${iso[3] ?? ''}T${(iso[4] ?? '00:00').padEnd(8, ':00')}Z`;
  const month = /\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\b/iu.exec(text)?.[1];
  const year = /\b((?:19|20)\d\d)\b/u.exec(text)?.[1];
  const day = /(?:^|[^\d:])([0-3]?\d)(?:st|nd|rd|th)?(?![\d:])/u.exec(text.replace(/\b(?:19|20)\d\d\b/u, ''))?.[1];
  if (month === undefined || year === undefined || day === undefined) return undefined;
  const at = Date.parse(`${day} ${month} ${year} ${/\b(\d\d:\d\d(?::\d\d)?)\b/u.exec(text)?.[1] ?? '00:00'} UTC`);
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}
