import type { ControllerExtension } from '@seaworthy/engine'

/** What the controller does besides running the fleet: releases, experiments, backups, the dashboard each add theirs here. */
export const controllerExtensions: readonly ControllerExtension[] = []
