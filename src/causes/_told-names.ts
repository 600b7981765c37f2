/** What people tell about a name that cannot be resolved: whose name it is decides which servers should know it. */
import { stated } from './_checks/index.ts';
import type { Test } from './_checks/index.ts';

/** A name of the site or of the internet: the node's own servers should know it. */
export const siteNameTold: Test = stated({
  whole:
    /(?:resolv|look ?up|name)[^;]*(?:registr|docker\.io|quay\.io|[a-z0-9-]\.(?:com|io|org|net|dev|cn|de)\b(?!\.)|internet|external|github|google|api ?server)/iu,
});
