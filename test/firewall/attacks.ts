import { byAddress } from './attacks/addresses.js';
import type { Attack } from './attacks/attack.js';
import { byDns } from './attacks/dns.js';
import { byHttp } from './attacks/http.js';
import { byName } from './attacks/names.js';
import { byTls } from './attacks/tls.js';

/** The attacks for every target. */
export const attacks: readonly Attack[] = [...byName, ...byAddress, ...byTls, ...byHttp, ...byDns];
