/** /etc/hosts files that scenarios start from. */
import { NODE_ADDRESS, NODE_NAME } from '../lab.ts';

/** The first article's file: localhost at ::1 only, the 127.0.0.1 line has another name. */
export const HOSTS_LOCALHOST_IPV6_ONLY = `::1         localhost localhost.localdomain localhost6 localhost6.localdomain6
127.0.0.1   centos7.Localdomain
${NODE_ADDRESS} ${NODE_NAME}
`;

/** A node's usual lines around some of one's own. */
export const hostsWith = (...lines: readonly string[]): string => `${lines.join('\n')}\n${NODE_ADDRESS} ${NODE_NAME}\n`;

export const LOCALHOST_BOTH = ['127.0.0.1 localhost localhost.localdomain', '::1 localhost ip6-localhost ip6-loopback'] as const;
