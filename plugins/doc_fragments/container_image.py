# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    # Which image, and how it is compared.
    DOCUMENTATION = r"""
options:
  pull:
    description:
      - V(never) - the image has to be on the host.
      - V(missing), or V(false) - the image is pulled when it is not on the host.
      - V(always), or V(true) - the image is pulled at every run, and the container is recreated if another one came.
      - An image that is named by its ID is never pulled.
    type: raw
    choices:
      - never
      - missing
      - always
      - true
      - false
    default: missing
  pull_check_mode_behavior:
    description:
      - What O(pull=always) means in check mode.
      - V(image_not_present) - a change is reported only when the image is not on the host.
      - V(always) - a change is reported always.
    type: str
    choices:
      - image_not_present
      - always
    default: image_not_present
  image_comparison:
    description:
      - Whose defaults O(env), O(labels), O(volumes), O(command), O(user) and O(working_dir) are merged with before they
        are compared.
      - V(desired-image) - those of O(image). With O(comparisons) that ignore the image itself, the container has to
        have the O(env), O(labels) and O(exposed_ports) of that image, also those that the task does not name.
      - V(current-image) - those of the image that the container was made from.
    type: str
    choices:
      - desired-image
      - current-image
    default: desired-image
  image_name_mismatch:
    description:
      - What to do with a container that was made from the same image under another name.
      - Names of the same meaning, such as V(app) and V(app:latest), are the same name.
    type: str
    choices:
      - recreate
      - ignore
    default: recreate
  image_label_mismatch:
    description:
      - V(ignore) - labels of the image that O(labels) does not name do not count.
      - V(fail) - with O(labels) compared V(strict), such labels make the task fail.
    type: str
    choices:
      - ignore
      - fail
    default: ignore
  platform:
    description:
      - The platform of the image, as V(os/architecture/variant), such as V(linux/arm64/v8). It is what is pulled.
      - An image of another platform on the host is refused, and so is one that is pulled. A container of another
        platform is recreated.
    type: str
"""
