"""The training step of SD 1.5's UNet in plain PyTorch, with the published layer of DiffuseKronA on all 128 attention
matrices: what `npm run bench -- step --peer` compares with. Random weights; module names as in the files.

Says a JSON line when it is ready, then takes one step for every line on standard input and says its seconds.
Arguments: side of the latents, batch, threads, and how the step is rendered (--help). With --check it prints the sizes
of its parameters and the operations of its forward pass instead, computing nothing; with --agree how far every
rendering's loss and gradients are from the first one's.
"""

import argparse
import contextlib
import itertools
import json
import math
import resource
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

HEADS, GROUPS = 8, 32
A1, A2 = 4, 64
LAYERS, ATTENTIONS = ("published", "merged"), ("sdpa", "plain")


class Rendering:
    """How layers compute the same numbers; one for all, changed by whoever runs them."""

    layer, attention = LAYERS[0], ATTENTIONS[0]


class KronaLinear(nn.Module):
    """A frozen matrix W beside its adapter, with x read as X [a2, b2].

    Published: y = W x + B (Xᵀ Aᵀ), the right product first, on every token. Merged: y = (W + ΔW) x, formed once a
    step.
    """

    def __init__(self, size_in, size_out, bias=False):
        super().__init__()
        self.base = nn.Linear(size_in, size_out, bias=bias).requires_grad_(False)
        self.down = nn.Parameter(torch.randn(A2, A1) / A1)  # Aᵀ
        self.up = nn.Parameter(torch.zeros(size_out // A1, size_in // A2))  # B

    def forward(self, x):
        if Rendering.layer == "merged":
            delta = torch.einsum("iq,pj->pqij", self.down, self.up)  # [b1, a1, a2, b2]
            weight = self.base.weight + delta.reshape(self.base.weight.shape)
            return F.linear(x, weight, self.base.bias)
        batch, tokens, size = x.shape
        pixels = x.reshape(batch, tokens, A2, size // A2)  # [N, T, a2, b2]
        product = self.up @ (pixels.transpose(2, 3) @ self.down)  # [N, T, b1, a1]
        return self.base(x) + product.reshape(batch, tokens, -1)


def attend(q, k, v):
    if Rendering.attention == "sdpa":
        return F.scaled_dot_product_attention(q, k, v)
    scores = q @ k.transpose(-2, -1) / math.sqrt(q.shape[-1])
    return scores.softmax(-1) @ v


class Attention(nn.Module):
    def __init__(self, size, context):
        super().__init__()
        self.to_q = KronaLinear(size, size)
        self.to_k = KronaLinear(context, size)
        self.to_v = KronaLinear(context, size)
        self.to_out = KronaLinear(size, size, bias=True)

    def forward(self, x, context):
        split = lambda y: y.unflatten(-1, (HEADS, -1)).transpose(1, 2)  # noqa: E731
        q, k, v = split(self.to_q(x)), split(self.to_k(context)), split(self.to_v(context))
        return self.to_out(attend(q, k, v).transpose(1, 2).flatten(2))


class Transformer(nn.Module):
    def __init__(self, size, context):
        super().__init__()
        self.norm = nn.GroupNorm(GROUPS, size, eps=1e-6)
        self.proj_in, self.proj_out = nn.Conv2d(size, size, 1), nn.Conv2d(size, size, 1)
        self.norm1, self.norm2, self.norm3 = (nn.LayerNorm(size) for _ in range(3))
        self.attn1, self.attn2 = Attention(size, size), Attention(size, context)
        self.ff_in, self.ff_out = nn.Linear(size, 8 * size), nn.Linear(4 * size, size)

    def forward(self, x, context):
        tokens = self.proj_in(self.norm(x)).flatten(2).transpose(1, 2)
        own = self.norm1(tokens)
        tokens = tokens + self.attn1(own, own)
        tokens = tokens + self.attn2(self.norm2(tokens), context)
        value, gate = self.ff_in(self.norm3(tokens)).chunk(2, dim=-1)
        tokens = tokens + self.ff_out(value * F.gelu(gate))
        return x + self.proj_out(tokens.transpose(1, 2).reshape(x.shape))


class Resnet(nn.Module):
    def __init__(self, size_in, size_out, time):
        super().__init__()
        self.norm1, self.norm2 = nn.GroupNorm(GROUPS, size_in), nn.GroupNorm(GROUPS, size_out)
        self.conv1 = nn.Conv2d(size_in, size_out, 3, padding=1)
        self.conv2 = nn.Conv2d(size_out, size_out, 3, padding=1)
        self.time_emb_proj = nn.Linear(time, size_out)
        same = size_in == size_out
        self.conv_shortcut = nn.Identity() if same else nn.Conv2d(size_in, size_out, 1)

    def forward(self, x, time):
        hidden = self.conv1(F.silu(self.norm1(x)))
        hidden = hidden + self.time_emb_proj(F.silu(time))[:, :, None, None]
        return self.conv_shortcut(x) + self.conv2(F.silu(self.norm2(hidden)))


class UNet(nn.Module):
    def __init__(self, levels, context):
        super().__init__()
        self.time, self.context, last = 4 * levels[0], context, len(levels) - 1
        self.conv_in = nn.Conv2d(4, levels[0], 3, padding=1)
        self.time_in = nn.Linear(levels[0], self.time)
        self.time_out = nn.Linear(self.time, self.time)
        self.down, self.up = nn.ModuleList(), nn.ModuleList()
        skips, size = [levels[0]], levels[0]
        for i, out in enumerate(levels):
            for _ in range(2):
                self.down.append(self.layer(size, out, i < last))
                skips.append(size := out)
            if i < last:
                self.down.append(nn.Conv2d(out, out, 3, stride=2, padding=1))
                skips.append(out)
        self.mid = nn.ModuleList([self.layer(size, size, True), self.layer(size, size, False)])
        for i, out in reversed(list(enumerate(levels))):
            for _ in range(3):
                self.up.append(self.layer(size + skips.pop(), out, i < last))
                size = out
            if i > 0:
                self.up.append(nn.Conv2d(out, out, 3, padding=1))
        self.norm_out = nn.GroupNorm(GROUPS, size)
        self.conv_out = nn.Conv2d(size, 4, 3, padding=1)

    def layer(self, size_in, size_out, attended):
        resnet = Resnet(size_in, size_out, self.time)
        return nn.ModuleList([resnet] + ([Transformer(size_out, self.context)] if attended else []))

    @staticmethod
    def run(layer, x, time, context):
        resnet, *transformers = layer
        x = resnet(x, time)
        for transformer in transformers:
            x = transformer(x, context)
        return x

    def forward(self, x, features, context):
        time = self.time_out(F.silu(self.time_in(features)))
        x = self.conv_in(x)
        skips = [x]
        for layer in self.down:
            x = layer(x) if isinstance(layer, nn.Conv2d) else self.run(layer, x, time, context)
            skips.append(x)
        for layer in self.mid:
            x = self.run(layer, x, time, context)
        for layer in self.up:
            if isinstance(layer, nn.Conv2d):
                x = layer(F.interpolate(x, scale_factor=2.0, mode="nearest"))
            else:
                x = self.run(layer, torch.cat([x, skips.pop()], 1), time, context)
        return self.conv_out(F.silu(self.norm_out(x)))


def check(unet, forward):
    from torch.utils.flop_counter import FlopCounterMode

    with FlopCounterMode(display=False) as counter, torch.no_grad():
        forward()
    sizes = {True: 0, False: 0}
    for parameter in unet.parameters():
        sizes[parameter.requires_grad] += parameter.numel()
    flops = counter.get_total_flops()
    print(json.dumps({"frozen": sizes[False], "trained": sizes[True], "flops": flops}))


def render(unet, layer, attention, channels_last):
    """Sets how a network computes; weights in channels-last layout make convolutions hand it on."""
    Rendering.layer, Rendering.attention = layer, attention
    unet.to(memory_format=torch.channels_last if channels_last else torch.contiguous_format)


def agree(unet, step):
    """Relative distances of loss and gradients from the first rendering's, by rendering."""
    for name, parameter in unet.named_parameters():
        if name.endswith(".up"):  # zeros would hide the adapter
            nn.init.normal_(parameter, std=0.02)
    expected, distances = None, {}
    for layer, attention, channels_last, bf16 in itertools.product(
        LAYERS, ATTENTIONS, (False, True), (False, True)
    ):
        render(unet, layer, attention, channels_last)
        loss = step(bf16)
        trained = [p.grad.flatten() for p in unet.parameters() if p.requires_grad]
        found = torch.cat([loss.detach().flatten(), *trained])
        expected = found if expected is None else expected
        name = " ".join([layer, attention] + ["channels-last"] * channels_last + ["bf16"] * bf16)
        distances[name] = ((found - expected).norm() / expected.norm()).item()
    print(json.dumps(distances))


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    for name in ("side", "batch", "threads"):
        parser.add_argument(name, type=int)
    parser.add_argument("--layer", choices=LAYERS, default=LAYERS[0])
    parser.add_argument("--attention", choices=ATTENTIONS, default=ATTENTIONS[0])
    parser.add_argument("--channels-last", action="store_true")
    parser.add_argument("--bf16", action="store_true", help="autocast; weights stay in float32")
    parser.add_argument("--compile", action="store_true", help="by torch.compile, at the first step")
    sizes = {"type": int, "help": "of a smaller network, to try things"}
    parser.add_argument("--levels", nargs="+", default=[320, 640, 1280, 1280], **sizes)
    parser.add_argument("--context", default=768, **sizes)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--agree", action="store_true")
    return parser.parse_args()


def main():
    given = arguments()
    torch.set_num_threads(given.threads)
    torch.manual_seed(0)
    with torch.device("meta" if given.check else "cpu"):
        unet = UNet(given.levels, given.context)
        shape = (given.batch, 4, given.side, given.side)
        sample, target = torch.randn(shape), torch.randn(shape)
        features = torch.randn(given.batch, given.levels[0])
        context = torch.randn(given.batch, 77, given.context)
    for name, parameter in unet.named_parameters():
        parameter.requires_grad_(name.endswith((".down", ".up")))
    render(unet, given.layer, given.attention, given.channels_last)
    if given.check:
        check(unet, lambda: unet(sample, features, context))
        return

    network = torch.compile(unet) if given.compile else unet

    def step(bf16):
        unet.zero_grad(set_to_none=True)
        narrow = torch.autocast("cpu", torch.bfloat16) if bf16 else contextlib.nullcontext()
        with narrow:
            predicted = network(sample, features, context)
        loss = F.mse_loss(predicted.float(), target)
        loss.backward()
        return loss

    if given.agree:
        agree(unet, step)
        return
    print(json.dumps({"version": torch.__version__}), flush=True)
    for _ in sys.stdin:
        start = time.perf_counter()
        step(given.bf16)
        seconds = time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        print(json.dumps({"seconds": seconds, "peakBytes": peak}), flush=True)


main()
