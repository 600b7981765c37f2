/** A count for people: 1,234,567. Without Intl, whose tables are more than a whole log takes. */
export const grouped = (count: number): string => {
  const digits = String(Math.round(count));
  return Array.from({ length: Math.ceil(digits.length / 3) }, (_, i) =>
    digits.slice(Math.max(0, digits.length - 3 * (i + 1)), digits.length - 3 * i),
  )
    .reverse()
    .join(',');
};
