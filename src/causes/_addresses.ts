/** Kinds of addresses that causes tell apart, on their text form. */
export const isLoopbackAddress = (address: string): boolean => address.startsWith('127.') || /^(?:0*:)+0*1$/u.test(address);

/** 169.254.0.0/16 and fe80::/10. */
export const isLinkLocal = (address: string): boolean => address.startsWith('169.254.') || /^fe[89ab][0-9a-f]:/iu.test(address);
