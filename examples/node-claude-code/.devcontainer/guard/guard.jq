# Reads what an agent tells its hook about a tool call: raw text in, fields out, each ended by NUL. Written by harden-devcontainer.
# Nothing of it is run or expanded; guard, which is given the fields, takes every one of them for data.
# Arguments: $agent, $here (the folder that the hook runs in), $config (guard.json).

# One string of a field: NUL would end it.
def field: (if test("\u0000") then gsub("\u0000"; "\u0001") else . end) + "\u0000";
def string: if type == "string" then . else error("not a string") end;
def object: if type == "object" then . elif . == null then {} else error("not an object") end;
# Some agents send the arguments as JSON in a string.
def arguments: if type == "string" then (try fromjson catch {text: .}) | (if type == "object" then . else {text: tojson} end) else object end;

def call:
  if $agent == "claude-code" or $agent == "codex" then
    if .hook_event_name == "PreToolUse" then {tool: (.tool_name | string), input: (.tool_input | arguments), cwd, mode: .permission_mode}
    else error("not a PreToolUse event") end
  elif $agent == "gemini-cli" then
    if .hook_event_name == "BeforeTool" then {tool: (.tool_name | string), input: (.tool_input | arguments), cwd}
    else error("not a BeforeTool event") end
  elif $agent == "copilot-cli" then
    if has("toolName") then {tool: (.toolName | string), input: (.toolArgs | arguments), cwd}
    elif .hook_event_name == "PreToolUse" then {tool: (.tool_name | string), input: (.tool_input | arguments), cwd}
    else error("not a preToolUse event") end
  elif $agent == "cursor" then
    if .hook_event_name == "beforeShellExecution" then {tool: "Shell", input: {command: (.command | string)}, cwd, asks: true}
    elif .hook_event_name == "beforeReadFile" then {tool: "Read", input: {file_path: (.file_path | string)}, cwd}
    elif .hook_event_name == "beforeMCPExecution" then
      # Its `command` is the server's own, not the agent's.
      {tool: "mcp__\(.tool_name | string)", input: (.tool_input | arguments), cwd, asks: true}
    elif .hook_event_name == "preToolUse" then {tool: (.tool_name | string), input: (.tool_input | arguments), cwd}
    else error("not an event before a tool") end
  elif $agent == "opencode" then {tool: (.tool | string), input: (.args | object), cwd}
  elif $agent == "cline" then
    {tool: (.preToolUse.toolName | string), input: (.preToolUse.parameters | arguments), cwd: (.workspaceRoots[0]? // null)}
  else error("not an agent that this guard knows") end;

# Every string below keys of these names, at whatever depth: an agent's next tool may nest them otherwise.
def below($names): [.. | objects | to_entries[] | select(.key as $key | $names | index($key)) | .value | .. | strings];
def words: if type == "array" and all(.[]; type == "string") then . else empty end;

def commands:
  if .tool == "apply_patch" then []
  else .input | below(["command", "cmd", "script", "code", "chars", "commands"]) end;
# ["bash", "-lc", "…"]: words of one command.
def vectors: if .tool == "apply_patch" then [] else [.input | .. | objects | (.command, .cmd, .argv) | words] end;
def paths:
  .input | below(["file_path", "path", "absolute_path", "filePath", "target_file", "notebook_path", "paths", "files", "file_paths", "filename"]);

def ask_works($config):
  ($config.bypass | not)
  and ((.asks == true) or ($agent == "copilot-cli")
    or ($agent == "claude-code" and (.mode as $mode | ["default", "acceptEdits", "plan"] | index($mode)) != null));

if utf8bytelength > 1048576 then error("longer than 1 MiB") else . end
| (try fromjson catch error("not JSON")) | if type == "object" then . else error("not an object") end
| call
| $config[0] as $config
| (.input | tojson) as $arguments
| (commands | join("\n")) as $command
| (if $command != "" then $command else (paths + [.input.url? // empty | strings] | join(" ")) end) as $target
| "fields", (.tool[0:200] | tojson), ($target[0:4000] | tojson), $target,
  (if $config.arguments == "full" and ($arguments | utf8bytelength) <= 32768 then ($arguments | tojson) else "hash" end),
  $arguments, .tool,
  (if ask_works($config) then "ask" else "hold" end),
  # Only where both are in one folder does the branch that is checked out there tell what a bare push pushes.
  (if (.cwd | type) != "string" or .cwd == $here then "here" else "elsewhere" end),
  ("commands \(commands | length)", commands[]),
  ("vectors \(vectors | length)", (vectors[] | "\(length)", .[])),
  ("paths \(paths | length)", paths[]),
  ($config | ("approve", "protectedBranches", "commands", "tools", "wrappers", "code", "verbs", "secrets", "open", "installs") as $key
    | "\($key) \(.[$key] | length)", .[$key][]),
  "end"
| field
