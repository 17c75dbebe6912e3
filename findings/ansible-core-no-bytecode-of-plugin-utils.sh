#!/usr/bin/env bash
# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
#
# ansible-core 2.19.14: what a collection has in plugin_utils is compiled anew in every run, its plugins are not
#
# Expected:
#   Python compiles a module once and keeps the bytecode in __pycache__ beside it, wherever it may write there. Ansible
#   does so for the files of plugins: plugins/action/NAME.py has its .pyc after the first run.
# Happens:
#   The loader of collections compiles what plugins import from plugin_utils (and module_utils) itself, and keeps
#   nothing: no .pyc is written for it, however often it runs.
# Why it matters:
#   A collection that follows the advice to keep plugins small and put the code into plugin_utils pays for it in every
#   run: some two milliseconds a module, so that a hundred modules are a fifth of a second before the first task.
# To live with it:
#   Keep the number of modules that a plugin imports small, or let a finder of one's own, before Ansible's, load them
#   with importlib's SourceFileLoader.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"${PYTHON:-python3}" -m venv "$work/venv"
"$work/venv/bin/pip" --disable-pip-version-check -qq install ansible-core==2.19.14

plugins="$work/collections/ansible_collections/tried/it/plugins"
mkdir -p "$plugins/action" "$plugins/modules" "$plugins/plugin_utils"
echo 'WORD = "helped"' >"$plugins/plugin_utils/helper.py"
cat >"$plugins/action/say.py" <<'PYTHON'
from ansible.plugins.action import ActionBase
from ansible_collections.tried.it.plugins.plugin_utils.helper import WORD


class ActionModule(ActionBase):
    def run(self, tmp=None, task_vars=None):
        return {"changed": False, "msg": WORD}
PYTHON
: >"$plugins/modules/say.py"

export ANSIBLE_COLLECTIONS_PATH="$work/collections" ANSIBLE_HOME="$work/home" ANSIBLE_LOCALHOST_WARNING=False
unset PYTHONDONTWRITEBYTECODE PYTHONPYCACHEPREFIX ANSIBLE_CONFIG
cd "$work"  # away from anybody's ansible.cfg

try() {
    for _run in 1 2; do
        "$work/venv/bin/ansible" localhost -i localhost, -c local -m tried.it.say | grep -o '"msg": "[a-z]*"'
    done
    (cd "$plugins" && find . -name '*.pyc' | sed 's/\.cpython-[0-9]*//' | sort)
}

{
    "$work/venv/bin/python" -c 'from ansible import release; print("ansible-core", release.__version__)'
    echo "two runs, and the bytecode that is kept after them:"
    try
} | tee "$work/seen"

cat >"$work/expected" <<'EXPECTED'
ansible-core 2.19.14
two runs, and the bytecode that is kept after them:
"msg": "helped"
"msg": "helped"
./action/__pycache__/say.pyc
EXPECTED

if ! diff -u "$work/expected" "$work/seen"; then
    echo "changed: other bytecode is kept" >&2
    exit 1
fi
echo "as it was seen before"
