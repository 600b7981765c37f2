/** Files of /proc that speak of the whole machine, shown otherwise inside the lab host. */
import { LAB_FOLDER, type LabHost } from '../namespace-host.ts';

/** Binds a file with this content over `path`, for the lab host alone. */
export const showInstead = async (host: LabHost, path: string, content: string): Promise<void> => {
  const file = `${LAB_FOLDER}/instead${path.replaceAll('/', '-')}`;
  await host.write(file, content);
  await host.sh('mount --bind "$1" "$2"', file, path);
};
