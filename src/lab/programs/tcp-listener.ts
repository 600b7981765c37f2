export interface ListenerOptions {
  /** What it calls itself in /proc: the component it stands for. */
  readonly title: string;
  readonly port: number;
  /** Default: every address of both families (`::`, or 0.0.0.0 where there is no IPv6). */
  readonly address?: string;
  /** What an HTTP request gets; default 'ok'. */
  readonly reply?: string;
  readonly status?: number;
}

/** Answers every HTTP request. A function for nodeProgram: it uses nothing from outside itself. */
export const tcpListener = (options: ListenerOptions): void => {
  process.title = options.title;
  const http = process.getBuiltinModule('node:http');
  const server = http.createServer((_request, response) => {
    response.writeHead(options.status ?? 200, { 'content-type': 'text/plain', connection: 'close' });
    response.end(options.reply ?? 'ok');
  });
  if (options.address === undefined) server.listen(options.port);
  else server.listen(options.port, options.address);
};
