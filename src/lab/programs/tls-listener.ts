export interface TlsListenerOptions {
  readonly title: string;
  readonly port: number;
  readonly address?: string;
  /** PEM. */
  readonly cert: string;
  readonly key: string;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers every HTTPS request with 'ok'. A function for nodeProgram: it uses nothing from outside itself. */
export const tlsListener = (options: TlsListenerOptions): void => {
  process.title = options.title;
  const https = process.getBuiltinModule('node:https');
  const server = https.createServer({ cert: options.cert, key: options.key }, (_request, response) => {
    response.writeHead(options.status ?? 200, { 'content-type': 'text/plain', connection: 'close', ...options.headers });
    response.end('ok');
  });
  server.on('tlsClientError', () => undefined);
  if (options.address === undefined) server.listen(options.port);
  else server.listen(options.port, options.address);
};
