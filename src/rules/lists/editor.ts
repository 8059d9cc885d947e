import type { AnyRule } from '../../core/rule.js';
import { noEditorAutoApprove } from '../editor/no-editor-auto-approve.js';
import { noEditorHostExecution } from '../editor/no-editor-host-execution.js';
import { noMisplacedEditorSetting } from '../editor/no-misplaced-editor-setting.js';

/** The rules on: editor-settings. `npm run new-rule` writes the list, and a test compares it with the folders. */
export const rules: readonly AnyRule[] = [
  noEditorAutoApprove,
  noEditorHostExecution,
  noMisplacedEditorSetting,
];
