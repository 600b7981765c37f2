/* eslint-disable regexp/no-dupe-disjunctions -- the words of people overlap, and the list is easier to read whole */
import { requestBefore } from './dial.ts';
import { defineSymptomReader, details, draft } from './symptom-reader.ts';

const WORDS: Readonly<Record<string, number>> = {
  Unauthorized: 401,
  Forbidden: 403,
  NotFound: 404,
  'Not Found': 404,
  'Bad Gateway': 502,
  'Service Unavailable': 503,
  'Gateway Timeout': 504,
  'Too Many Requests': 429,
  'Proxy Authentication Required': 407,
  'Bad Request': 400,
  'Internal Server Error': 500,
  Conflict: 409,
  AlreadyExists: 409,
  ServiceUnavailable: 503,
  TooManyRequests: 429,
  InternalError: 500,
  BadRequest: 400,
  Timeout: 504,
  Invalid: 422,
};

const SERVER = /Error from server \(([A-Za-z]+)\): /u;
const STATUS_CODE =
  /(?:(?:unexpected |non-200 |bad |http |HTTP )?(?:response )?status(?:[ _]?code)?|StatusCode|statuscode|response code|returned error|returned status|HTTP code|HTTP response code|server returned|"code"|httpStatus)(?: is| was|:|=|":)? ?"?([1-5]\d\d)\b/iu;
const STATUS_LINE = /(?:^|[< ])HTTP\/(?:1\.[01]|2|3)(?:\.0)? ([3-5]\d\d)\b/u;
const CODE_WORD =
  /(?:^|[: \t([])([45]\d\d) (?:Unauthorized|Forbidden|Not Found|Bad Gateway|Service Unavailable|Gateway Time-?out|Too Many Requests|Proxy Authentication Required|Bad Request|Internal Server Error)\b/u;
const TRAILING_WORD =
  /: (Unauthorized|Forbidden|Not Found|Bad Gateway|Service Unavailable|Gateway Timeout|Too Many Requests|Proxy Authentication Required)(?:$|[.,"])/u;
const REASON = /"reason": ?"(Forbidden|Unauthorized|NotFound)"/u;
const USER = /(?:User|user) "([^"]{1,120})" cannot ([a-z]+) (?:resource|path) "([^"]{1,120})"/u;

/** HTTP answers that refuse: Kubernetes status texts, proxies, health checks, curl -v. 2xx and redirects are no failures. */
export const http = defineSymptomReader({
  id: 'http',
  anchors: [
    'Error from server',
    'tatus',
    'HTTP/1',
    'HTTP/2',
    'returned error',
    'Unauthorized',
    'Forbidden',
    'forbidden',
    'Bad Gateway',
    'Service Unavailable',
    'Gateway',
    'Too Many Requests',
    'Proxy Auth',
    'esponse code',
    'HTTP code',
    '"code"',
    'Not Found',
  ],
  scan: [
    'Error from server',
    'status code',
    'StatusCode',
    'returned error: ',
    'Unauthorized',
    'Forbidden',
    'is forbidden',
    ' cannot get ',
    'Bad Gateway',
    'Service Unavailable',
    'Gateway Timeout',
    'Too Many Requests',
    'Proxy Authentication',
    'response code',
  ],
  read({ message }) {
    const request = requestBefore(message, message.length);
    const server = SERVER.exec(message);
    const user = USER.exec(message);
    const status = server?.[1] === undefined ? statusOf(message, user !== null) : WORDS[server[1]];
    if (status === undefined || status < 400) return [];
    return [
      draft('http-failed', 'http', {
        name: request.name,
        port: request.port,
        httpStatus: status,
        details: details({
          reason: server?.[1],
          url: request.url,
          user: user?.[1],
          verb: user?.[2],
          resource: user?.[3],
          body: /"kind": ?"Status"/u.test(message) ? 'Status' : undefined,
        }),
      }),
    ];
  },
});

function statusOf(message: string, refusesUser: boolean): number | undefined {
  if (refusesUser) return 403;
  const line = STATUS_LINE.exec(message);
  if (line?.[1] !== undefined) return Number(line[1]);
  const word = CODE_WORD.exec(message);
  if (word?.[1] !== undefined) return Number(word[1]);
  const code = STATUS_CODE.exec(message);
  if (code?.[1] !== undefined && Number(code[1]) >= 100) return Number(code[1]);
  const trailing = TRAILING_WORD.exec(message) ?? REASON.exec(message);
  return trailing?.[1] === undefined ? undefined : WORDS[trailing[1]];
}
