"""Other programs loading an adapter file into a pipeline: each loader gives the outputs that it computes while the
adapter is attached, and the weights after its own merging. A loader returns None where the format is not for it.

A result is {"outputs": {part: tensor}, "weights": {name: tensor}}, names being `unet.conv_in.weight`; "outputs_error" or
"weights_error" stands in place of what a program cannot do.
"""

import copy
import re

import torch
from safetensors.torch import load_file

PARTS = ("unet", "text_encoder", "text_encoder_2")


def parts_of(pipe):
    return {name: getattr(pipe, name) for name in PARTS if getattr(pipe, name, None) is not None}


def weights_of(pipe):
    """Every parameter, under the names of the files."""
    named = {}
    for part, model in parts_of(pipe).items():
        for name, value in model.state_dict().items():
            named[f"{part}.{name}"] = value.detach().clone()
    return named


def outputs_of(pipe, inputs):
    """Of every part that there are inputs for."""
    outputs = {}
    with torch.no_grad():
        for part, model in parts_of(pipe).items():
            if part in inputs:
                outputs[part] = inputs[part](model)
    return outputs


# diffusers ----------------------------------------------------------------------------------------------------------


def diffusers(pipe, folder, inputs):
    names = ("adapter.safetensors", "pytorch_lora_weights.safetensors")
    weight_name = next((name for name in names if (folder / name).exists()), None)
    if weight_name is None:
        return None
    pipe.load_lora_weights(folder, weight_name=weight_name)
    outputs = outputs_of(pipe, inputs)
    pipe.fuse_lora(components=[part for part in pipe._lora_loadable_modules if part in parts_of(pipe)])
    pipe.unload_lora_weights()
    return {"outputs": outputs, "weights": weights_of(pipe)}


def load_words(pipe, file):
    """A new word, which the tokenizer numbers after the words there are."""
    rows = load_file(file)
    if "clip_g" not in rows:
        pipe.load_textual_inversion(file)
        return
    # As diffusers' documentation loads words of SDXL: the rows of each encoder from the one file.
    for key, encoder, tokenizer in (("clip_l", "text_encoder", "tokenizer"), ("clip_g", "text_encoder_2", "tokenizer_2")):
        own = {"text_encoder": getattr(pipe, encoder), "tokenizer": getattr(pipe, tokenizer)}
        pipe.load_textual_inversion(rows[key], token="<dog>", **own)


def diffusers_words(pipe, folder, inputs):
    """Nothing but new words, which compare.py has loaded already."""
    if folder.name != "embedding":
        return None
    return {"outputs": outputs_of(pipe, inputs), "weights": weights_of(pipe)}


# PEFT ---------------------------------------------------------------------------------------------------------------


def peft(pipe, folder, inputs):
    from peft import PeftModel

    if folder.name != "peft" or not list(folder.rglob("adapter_config.json")):
        return None
    attached = {}
    for config in folder.rglob("adapter_config.json"):
        part = "unet" if config.parent == folder else config.parent.name
        attached[part] = PeftModel.from_pretrained(getattr(pipe, part), config.parent)
        setattr(pipe, part, attached[part])
    result = {}
    try:
        result["outputs"] = outputs_of(pipe, inputs)
    except Exception as error:  # what it cannot compute it may still merge
        result["outputs_error"] = error
    for part, model in attached.items():
        setattr(pipe, part, model.merge_and_unload())
    return result | {"weights": weights_of(pipe)}


# LyCORIS ------------------------------------------------------------------------------------------------------------


def lycoris(pipe, folder, inputs):
    from lycoris.wrapper import LycorisNetwork, create_lycoris_from_weights

    file = folder / "adapter.safetensors"
    if not folder.name.startswith("kohya") or not file.exists():
        return None

    def networks(into):
        made = []
        for part, model in parts_of(into).items():
            te = "lora_te1" if "text_encoder_2" in parts_of(into) else "lora_te"
            prefix = {"unet": "lora_unet", "text_encoder": te, "text_encoder_2": "lora_te2"}[part]
            LycorisNetwork.apply_preset({"lora_prefix": prefix})
            made.append(create_lycoris_from_weights(1.0, str(file), model)[0])
        found = sum(len(network.loras) for network in made)
        modules = {key.split(".")[0] for key in load_file(file)}
        if found != len(modules):
            raise ValueError(f"finds {found} of {len(modules)} modules")
        return made

    merged = copy.deepcopy(pipe)
    result = {}
    try:
        for network in networks(merged):
            with torch.no_grad():
                network.merge_to(1.0)
        result["weights"] = weights_of(merged)
    except Exception as error:  # what it cannot merge it may still compute with
        result["weights_error"] = error
    try:
        for network in networks(pipe):
            network.eval()
            network.apply_to()
        result["outputs"] = outputs_of(pipe, inputs)
    except Exception as error:
        result["outputs_error"] = error
    return result


# ComfyUI ------------------------------------------------------------------------------------------------------------


def comfyui(pipe, folder, inputs):
    """The arithmetic of ComfyUI's loader restated; A1111 has the same for LoRA, LoKr, LoHa and differences."""
    file = folder / "adapter.safetensors"
    if not folder.name.startswith("kohya") or not file.exists():
        return None
    tensors = load_file(file)
    modules = {}
    for part, model in parts_of(pipe).items():
        te = "lora_te1_" if hasattr(pipe, "text_encoder_2") else "lora_te_"
        prefix = {"unet": "lora_unet_", "text_encoder": te, "text_encoder_2": "lora_te2_"}[part]
        for path, module in model.named_modules():
            modules[prefix + path.replace(".", "_")] = module
            if part == "unet":
                modules[prefix + sgm_name(path).replace(".", "_")] = module
    grouped = {}
    for key, value in tensors.items():
        name, role = key.split(".", 1)
        grouped.setdefault(name, {})[role] = value
    with torch.no_grad():
        for name, own in grouped.items():
            if name not in modules:
                raise ValueError(f"lora key not loaded: {name}")
            patch(modules[name], own)
    return {"outputs": outputs_of(pipe, inputs), "weights": weights_of(pipe)}


def sgm_name(path):
    """The attention blocks as the original code numbers them."""
    path = re.sub(r"^down_blocks\.(\d+)\.attentions\.(\d+)", lambda m: f"input_blocks.{3 * int(m[1]) + int(m[2]) + 1}.1", path)
    path = re.sub(r"^up_blocks\.(\d+)\.attentions\.(\d+)", lambda m: f"output_blocks.{3 * int(m[1]) + int(m[2])}.1", path)
    return path.replace("mid_block.attentions.0", "middle_block.1")


def patch(module, own):
    """Weights changed in place. Alpha is divided by the rank only where something has one."""
    for role, target in (("diff", "weight"), ("w_norm", "weight"), ("diff_b", "bias"), ("b_norm", "bias")):
        if role in own:
            getattr(module, target).add_(own[role])
    weight = module.weight
    alpha = own["alpha"].item() if "alpha" in own else None
    if "oft_blocks" in own:
        blocks = own["oft_blocks"]
        count, size, _ = blocks.shape
        skew = blocks - blocks.transpose(1, 2)
        if alpha > 0:
            raise NotImplementedError("a limit of the norm")
        identity = torch.eye(size)
        rotation = (identity + skew) @ (identity - skew).inverse()
        turned = torch.einsum("knm,kn...->km...", rotation - identity, weight.view(count, size, *weight.shape[1:]))
        weight.add_(turned.reshape(weight.shape))
        return
    rank = None
    if "lora_up.weight" in own:
        up, down = own["lora_up.weight"], own["lora_down.weight"]
        rank = down.shape[0]
        change = up.flatten(1) @ down.flatten(1)
    elif "hada_w1_a" in own:
        rank = own["hada_w1_b"].shape[0]
        change = (own["hada_w1_a"] @ own["hada_w1_b"]) * (own["hada_w2_a"] @ own["hada_w2_b"])
    elif "lokr_w1" in own or "lokr_w1_a" in own:
        factors = []
        for factor in ("lokr_w1", "lokr_w2"):
            if factor not in own:
                rank = own[f"{factor}_b"].shape[0]
            factors.append(own[factor] if factor in own else own[f"{factor}_a"] @ own[f"{factor}_b"])
        first, second = factors
        if second.ndim == 4:
            first = first[:, :, None, None]
        change = torch.kron(first, second)
    else:
        return
    change = change.reshape(weight.shape) * (alpha / rank if rank else 1)
    if "dora_scale" not in own:
        weight.add_(change)
        return
    # ComfyUI takes the norm of the frozen weight (comfy/weight_adapter/base.py), LyCORIS and PEFT of the changed one.
    norm = weight.flatten(1).norm(dim=1).view(-1, *[1] * (weight.ndim - 1)) + torch.finfo(weight.dtype).eps
    weight.copy_((weight + change) * (own["dora_scale"] / norm))


# The code published with DiffuseKronA -------------------------------------------------------------------------------


def published(pipe, folder, inputs):
    """Its own layer beside every adapted one; it has no merging, so a change is what a layer does to unit vectors."""
    from krona import KronALinearLayer

    file = folder / "pytorch_lora_weights.safetensors"
    if folder.name != "official" or not file.exists():
        return None
    tensors = load_file(file)
    weights = weights_of(pipe)
    for key in [key for key in tensors if key.endswith("_lora.down.weight")]:
        down, up = tensors[key], tensors[key.replace(".down.", ".up.")]
        path = key.removesuffix("_lora.down.weight").replace(".processor.", ".").removeprefix("unet.")
        linear = pipe.unet.get_submodule(path + (".0" if path.endswith("to_out") else ""))
        layer = KronALinearLayer(linear.in_features, linear.out_features, rank=(down.shape[1], down.shape[0]))
        layer.load_state_dict({"down.weight": down, "up.weight": up})
        own = linear.forward
        linear.forward = lambda x, own=own, layer=layer: own(x) + layer(x)
        with torch.no_grad():
            name = next(name for name, module in pipe.unet.named_modules() if module is linear)
            weights[f"unet.{name}.weight"] += layer(torch.eye(linear.in_features)[None])[0].T
    return {"outputs": outputs_of(pipe, inputs), "weights": weights}


PROGRAMS = {
    "PEFT": peft,
    "LyCORIS": lycoris,
    "diffusers": diffusers,
    "diffusers, words": diffusers_words,
    "ComfyUI's rules": comfyui,
    "DiffuseKronA": published,
}
