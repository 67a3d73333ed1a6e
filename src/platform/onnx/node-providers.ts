/** @file Which execution providers this installation of onnxruntime-node can have, and how to get the others. */
import { access } from 'node:fs/promises';
import { listSupportedBackends } from 'onnxruntime-node';
import { packageEntry } from '../packages.ts';
import { dirname, join } from '../paths.ts';
import type { DeviceName } from './engine.ts';

/** Why a device cannot be there; undefined where opening a session may be tried. */
export async function missing(device: DeviceName): Promise<string | undefined> {
  const backend = listSupportedBackends().find(({ name }) => name === device);
  const { platform, arch } = process;
  if (backend === undefined) {
    return `onnxruntime-node has no ${device} provider for ${platform}/${arch}`;
  }
  if (backend.bundled || (await isFile(providerPath(device)))) return undefined;
  // Run itself, it needs no setting of npm, and none that switches install scripts off stops it.
  const installScript = join(packageFolder(), 'script', 'install.js');
  return `its provider is not installed; with an NVIDIA driver, CUDA 12 and cuDNN 9 on this machine, get it with: ONNXRUNTIME_NODE_INSTALL=true node ${installScript}`;
}

/** Where the install script puts a provider that is not bundled. */
function providerPath(device: DeviceName): string {
  const binaries = join(packageFolder(), 'bin', 'napi-v6', process.platform, process.arch);
  return join(binaries, `libonnxruntime_providers_${device}.so`);
}

function packageFolder(): string {
  return join(dirname(packageEntry('onnxruntime-node')), '..');
}

function isFile(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
