import { elements, type JsonNode, member, stringValue } from '../documents/json.js';
import type { SettingsDocument } from '../documents/settings.js';

/** A command of an editor's task, its arguments behind it. */
export interface TaskCommand {
  readonly text: string;
  readonly node: JsonNode;
}

/** The commands of `tasks.json`, or of the tasks of a `.code-workspace` file. */
export function taskCommands({ root }: SettingsDocument): readonly TaskCommand[] {
  const lists = [member(root, 'tasks')?.value, member(member(root, 'tasks')?.value, 'tasks')?.value];
  return lists.flatMap(elements).flatMap((task) => {
    const node = member(task, 'command')?.value;
    const command = stringValue(node);
    if (!node || command === undefined) return [];
    const args = elements(member(task, 'args')?.value).flatMap((word) => stringValue(word) ?? []);
    return [{ text: [command, ...args].join(' '), node }];
  });
}
