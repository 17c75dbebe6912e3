# Copyright (c) 2026, The sshfleet.containers contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A report that is open in a browser, as its reader sees and drives it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.select import Select
from selenium.webdriver.support.wait import WebDriverWait

# What a container may be called where somebody hopes that a page runs it.
SCRIPT = "<script>document.title='caught'</script>"


class Page:
    def __init__(self, browser: Chrome, address: str) -> None:
        self.browser = browser
        self.address = address

    def open(self) -> None:
        self.browser.get(self.address)

    def forget(self) -> None:
        """What was complained of, and asked for, until now."""
        self.complaints()
        self.requests()

    def complaints(self) -> list[str]:
        return [entry["message"] for entry in self.browser.get_log("browser")]

    def requests(self) -> list[str]:
        """The addresses of which anything was asked."""
        entries = [json.loads(entry["message"])["message"] for entry in self.browser.get_log("performance")]
        return [e["params"]["request"]["url"] for e in entries if e["method"] == "Network.requestWillBeSent"]

    def check(self) -> None:
        assert self.complaints() == []
        others = [url for url in self.requests() if url not in (self.address, "about:blank")]
        assert others == []

    def run(self, script: str, *arguments: Any) -> Any:
        return self.browser.execute_script(script, *arguments)

    def one(self, selector: str) -> WebElement:
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def text(self, selector: str) -> str:
        return self.one(selector).text

    def rows(self) -> int:
        return len(self.browser.find_elements(By.CSS_SELECTOR, "#rows tr"))

    def column(self, label: str) -> list[str]:
        """The texts of a column of the table of containers, as far as its rows are in the page."""
        script = """
            const heads = [...document.querySelectorAll("#table thead th")];
            const at = heads.findIndex((head) => head.textContent === arguments[0]);
            return [...document.querySelectorAll("#rows tr")].map((row) => row.children[at].textContent);
        """
        found: list[str] = self.run(script, label)
        return found

    def search(self, words: str) -> None:
        field = self.one("#search")
        field.clear()
        field.send_keys(words)

    def choose(self, label: str, value: str) -> None:
        Select(self.one(f"#by-{label.lower()}")).select_by_value(value)

    def sort(self, label: str) -> None:
        self.browser.find_element(By.XPATH, f"//*[@id='table']//th/button[.='{label}']").click()

    def press(self, *keys: str) -> None:
        ActionChains(self.browser).send_keys(*keys).perform()

    def focused(self) -> str:
        """The element that has the focus: its ID, its label, or its text."""
        found = self.browser.switch_to.active_element
        names = (found.get_attribute(name) for name in ("id", "aria-label", "textContent"))
        return next(filter(None, names), found.tag_name)

    def all(self, selector: str) -> list[WebElement]:
        return self.browser.find_elements(By.CSS_SELECTOR, selector)

    def wait(self, come: Callable[[], bool], seconds: float = 10) -> None:
        WebDriverWait(self.browser, seconds, 0.05).until(lambda _: come())

    # What the browser pretends ---------------------------------------------------------------------------------------

    def system_colours(self, name: str) -> None:
        features = [{"name": "prefers-color-scheme", "value": name}]
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def paper(self) -> None:
        """As on paper, 800 pixels wide."""
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
        self.width(800)

    def width(self, pixels: int) -> None:
        size = {"width": pixels, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)

    def without_scripts(self, value: bool) -> None:
        self.browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": value})

    def as_before(self) -> None:
        for command in ("Emulation.clearDeviceMetricsOverride", "Emulation.setEmulatedMedia"):
            self.browser.execute_cdp_cmd(command, {})

    # What is measured ------------------------------------------------------------------------------------------------

    def milliseconds(self, script: str) -> float:
        """From the start of a script until what it changed is drawn."""
        timed = f"""
            const done = arguments[0], began = performance.now();
            (() => {{ {script} }})();
            requestAnimationFrame(() => setTimeout(() => done(Math.round(performance.now() - began))));
        """
        return float(self.browser.execute_async_script(timed))

    def accessible(self) -> list[tuple[str, str]]:
        """Role and name of all that Chromium hands to screen readers."""
        nodes = self.browser.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
        shown = [node for node in nodes if not node.get("ignored")]
        return [(_value(node, "role"), _value(node, "name")) for node in shown]

    def contrast(self, selector: str) -> float:
        """The least contrast (1 to 21) of the texts that a selector finds with what is behind them."""
        script = r"""
            const numbers = (colour) => colour.match(/[\d.]+/g).map(Number);
            const back = (element) => {
                for (let at = element; at; at = at.parentElement) {
                    const colour = numbers(getComputedStyle(at).backgroundColor);
                    if (colour.length < 4 || colour[3] > 0) return colour;
                }
                return [255, 255, 255];
            };
            return [...document.querySelectorAll(arguments[0])].slice(0, 300)
                .map((element) => [numbers(getComputedStyle(element).color), back(element)]);
        """
        found = self.run(script, selector)
        assert found, f"there is nothing like {selector}"
        lights = [sorted((_light(colour), _light(behind))) for colour, behind in found]
        return min((light + 0.05) / (dark + 0.05) for dark, light in lights)


def _value(node: Mapping[str, Any], key: str) -> str:
    return str(node.get(key, {}).get("value", ""))


def _light(colour: Sequence[float]) -> float:
    """The relative luminance of WCAG, 0 to 1."""
    parts = [part / 255 for part in colour[:3]]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
