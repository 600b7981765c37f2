/** Names and versions of what is written as JSON. Apart from the schemas: those load a validator, and writing needs none. */
export const REPORT_SCHEMA = 'culprit/report@1';
export const EXPLAIN_SCHEMA = 'culprit/explain@1';
export const LOGS_SCHEMA = 'culprit/logs@1';
export const LOGS_EVENT_SCHEMA = 'culprit/logs-event@1';
export const LOGS_LINES_SCHEMA = 'culprit/logs-lines@1';
export const TRACE_SCHEMA = 'culprit/trace@1';
export const COMPARE_SCHEMA = 'culprit/compare@1';
