"""What other programs make of the files that main.ts wrote: the largest differences of merged weights and of outputs.

Arguments: the folder of main.ts, the folder of the fixtures. Prints a table in Markdown; every number is in
results.json beside the files.
"""

import copy
import json
import sys
import warnings
from pathlib import Path

import torch
from diffusers import DiffusionPipeline
from safetensors.torch import load_file
from transformers import CLIPTextModelWithProjection

from programs import PROGRAMS, load_words, outputs_of, weights_of

UNETS = {"sd15": "unet-sd15", "sdxl": "unet-sdxl"}


def opened(folder):
    pipe = DiffusionPipeline.from_pretrained(folder, safety_checker=None, torch_dtype=torch.float32)
    # transformers 5 left the level `text_model` out of CLIPTextModel, by whose names every adapter of a text encoder
    # goes; the class with a projection, unused here, still has it.
    pipe.text_encoder = CLIPTextModelWithProjection.from_pretrained(folder / "text_encoder", torch_dtype=torch.float32)
    return pipe


def unet_call(fixtures, base):
    tensors = load_file(fixtures / UNETS[base] / "expected.safetensors")
    given = {name.removeprefix("input/"): value for name, value in tensors.items() if name.startswith("input/")}
    added = {key: given[key] for key in ("text_embeds", "time_ids") if key in given}

    def call(unet):
        states = given["encoder_hidden_states"]
        return unet(given["sample"], given["timesteps"], states, added_cond_kwargs=added or None).sample

    return call


def relative(actual, expected, to=None):
    return ((actual - expected).norm() / (expected if to is None else to).norm()).item()


def compared_weights(pipe, theirs, expected):
    """Of all weights: those that are not adapted must be as they were."""
    base = weights_of(pipe)
    ours = dict(base)
    for name, value in expected.items():
        if name.startswith("weight/"):
            key = name.removeprefix("weight/")
            ours[key] = value.reshape(base[key].shape)
        if name.startswith("rows/"):
            key = f"{name.removeprefix('rows/')}.weight"
            ours[key] = torch.cat([base[key], value])
    if theirs.keys() != ours.keys() or any(theirs[name].shape != ours[name].shape for name in ours):
        raise ValueError("other weights than the base has")
    join = lambda of: torch.cat([of[name].flatten() for name in sorted(ours)])  # noqa: E731
    a, b = join(theirs), join(ours)
    grown = {name for name in ours if ours[name].shape != base[name].shape}
    start = {name: torch.zeros_like(ours[name]) if name in grown else base[name] for name in ours}
    change = b - join(start)
    share = (((a - join(start)) @ change) / (change @ change)).item()
    found = {"max": (a - b).abs().max().item(), "relative": relative(a, b, change)}
    # A change that is all ours but for a factor.
    off = relative(a - join(start), share * change, change)
    return found | ({"times": share} if found["relative"] > 1e-3 and off < 1e-5 else {})


def compared_outputs(theirs, expected):
    found = {}
    for part, value in theirs.items():
        ours = expected[f"output/{part}"]
        found[part] = {"max": (value - ours).abs().max().item(), "relative": relative(value, ours)}
    return found


def main(folder, fixtures, wanted=""):
    results = []
    pipes = {}
    for case in json.loads((folder / "cases.json").read_text()):
        name, base = case["name"], case["base"]
        if wanted not in name:
            continue
        if base not in pipes:
            pipes[base] = opened(folder / base)
        pipe = pipes[base]
        expected = load_file(Path(case["folder"]) / "expected.safetensors")
        calls = {"unet": unet_call(fixtures, base)}
        for part in ("text_encoder", "text_encoder_2"):
            ids = expected.get(f"ids/{part}")
            calls[part] = lambda model, ids=ids: model(ids).last_hidden_state
        inputs = {part: call for part, call in calls.items() if f"output/{part}" in expected}
        # What the adapter changes at all; a new word cannot be given to the base.
        before = outputs_of(pipe, {part: call for part, call in inputs.items() if part == "unet"})
        change = {part: (value - expected[f"output/{part}"]).abs().max().item() for part, value in before.items()}
        for format in case["written"]:
            for program, load in PROGRAMS.items():
                result = {"case": name, "format": format, "program": program, "change": change}
                try:
                    own = copy.deepcopy(pipe)
                    for word in (Path(case["folder"]) / format).glob("dog.safetensors"):
                        load_words(own, word)
                    theirs = load(own, Path(case["folder"]) / format, inputs)
                    if theirs is None:
                        continue
                    for what in ("weights", "outputs"):
                        if f"{what}_error" in theirs:
                            result[f"{what}_error"] = said(theirs[f"{what}_error"])
                    if "weights" in theirs:
                        result["weights"] = compared_weights(pipe, theirs["weights"], expected)
                    if "outputs" in theirs:
                        result["outputs"] = compared_outputs(theirs["outputs"], expected)
                except Exception as error:
                    result["error"] = said(error)
                results.append(result)
                print(json.dumps(result), file=sys.stderr)
    (folder / "results.json").write_text(json.dumps(results, indent=2))
    print(table(results))


def said(error):
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"[:200]


COLUMNS = {
    "PEFT": [("PEFT", "peft")],
    "LyCORIS": [("LyCORIS", "kohya"), ("LyCORIS", "kohya-diffusers")],
    "ComfyUI's rules": [("ComfyUI's rules", "kohya")],
    "diffusers, kohya's file": [("diffusers", "kohya")],
    "diffusers, its own file": [("diffusers", "diffusers"), ("diffusers, words", "embedding")],
    "DiffuseKronA": [("DiffuseKronA", "official")],
}


def table(results):
    """A row for every adapter: the largest differences of merged weights and of outputs, program by program."""
    found = {(each["case"], each["program"], each["format"]): each for each in results}
    notes = []
    lines = [
        "| adapter | change | " + " | ".join(COLUMNS) + " |",
        "| --- | --- |" + " --- |" * len(COLUMNS),
    ]
    for case in dict.fromkeys(each["case"] for each in results):
        cells = []
        for keys in COLUMNS.values():
            own = [found[case, *key] for key in keys if (case, *key) in found]
            # SDXL's file has two spellings: what one program cannot find in the first it may in the second.
            cells.append(cell(next((each for each in own if "outputs" in each), own[0] if own else None), notes))
        change = max(next(each["change"] for each in results if each["case"] == case).values(), default=None)
        shown = "–" if change is None else f"{change:.2g}"
        lines.append(f"| {case} | {shown} | " + " | ".join(cells) + " |")
    return "\n".join([*lines, "", *(f"{i + 1}. {note}" for i, note in enumerate(notes))])


def cell(result, notes):
    """Weights, outputs: the largest difference of each, or the number of the note that says why there is none."""
    if result is None:
        return "–"

    def note(message):
        if message not in notes:
            notes.append(message)
        return f"({notes.index(message) + 1})"

    if "error" in result:
        return note(result["error"])
    shown = []
    for what in ("weights", "outputs"):
        if f"{what}_error" in result:
            shown.append(note(result[f"{what}_error"]))
        elif what == "outputs":
            shown.append(f"{max(each['max'] for each in result[what].values()):.0e}")
        else:
            times = result[what].get("times")
            shown.append(f"×{times:.3g}" if times else f"{result[what]['max']:.0e}")
    return ", ".join(shown)


if __name__ == "__main__":
    warnings.filterwarnings("ignore")
    torch.set_num_threads(1)  # the model is too small to share
    main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:])
