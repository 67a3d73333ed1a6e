"""The training step of SD 1.5's UNet in plain PyTorch, float32, with the published layer of DiffuseKronA on all 128
attention matrices: what `npm run bench -- step --peer` compares with. Random weights; module names as in the files.

Says a JSON line when it is ready, then takes one step for every line on standard input and says its seconds.
Arguments: side of the latents, batch, threads. With --check it prints the sizes of its parameters and the
operations of its forward pass instead, computing nothing.
"""

import json
import resource
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

LEVELS = (320, 640, 1280, 1280)
HEADS, CONTEXT, GROUPS, TIME = 8, 768, 32, 1280
A1, A2 = 4, 64


class KronaLinear(nn.Module):
    """A frozen matrix W beside its adapter: with x read as X [a2, b2], y = W x + (B Xᵀ Aᵀ), as published."""

    def __init__(self, size_in, size_out, bias=False):
        super().__init__()
        self.base = nn.Linear(size_in, size_out, bias=bias).requires_grad_(False)
        self.down = nn.Parameter(torch.randn(A2, A1) / A1)  # Aᵀ
        self.up = nn.Parameter(torch.zeros(size_out // A1, size_in // A2))  # B

    def forward(self, x):
        batch, tokens, size = x.shape
        pixels = x.reshape(batch, tokens, A2, size // A2)  # [N, T, a2, b2]
        product = self.up @ pixels.transpose(2, 3) @ self.down  # [N, T, b1, a1]
        return self.base(x) + product.reshape(batch, tokens, -1)


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
        return self.to_out(F.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2))


class Transformer(nn.Module):
    def __init__(self, size):
        super().__init__()
        self.norm = nn.GroupNorm(GROUPS, size, eps=1e-6)
        self.proj_in, self.proj_out = nn.Conv2d(size, size, 1), nn.Conv2d(size, size, 1)
        self.norm1, self.norm2, self.norm3 = (nn.LayerNorm(size) for _ in range(3))
        self.attn1, self.attn2 = Attention(size, size), Attention(size, CONTEXT)
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
    def __init__(self, size_in, size_out):
        super().__init__()
        self.norm1, self.norm2 = nn.GroupNorm(GROUPS, size_in), nn.GroupNorm(GROUPS, size_out)
        self.conv1 = nn.Conv2d(size_in, size_out, 3, padding=1)
        self.conv2 = nn.Conv2d(size_out, size_out, 3, padding=1)
        self.time_emb_proj = nn.Linear(TIME, size_out)
        same = size_in == size_out
        self.conv_shortcut = nn.Identity() if same else nn.Conv2d(size_in, size_out, 1)

    def forward(self, x, time):
        hidden = self.conv1(F.silu(self.norm1(x)))
        hidden = hidden + self.time_emb_proj(F.silu(time))[:, :, None, None]
        return self.conv_shortcut(x) + self.conv2(F.silu(self.norm2(hidden)))


class UNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv_in = nn.Conv2d(4, LEVELS[0], 3, padding=1)
        self.time_in, self.time_out = nn.Linear(LEVELS[0], TIME), nn.Linear(TIME, TIME)
        self.down, self.up = nn.ModuleList(), nn.ModuleList()
        skips, size = [LEVELS[0]], LEVELS[0]
        for i, out in enumerate(LEVELS):
            attended = i < 3
            for _ in range(2):
                self.down.append(self.layer(size, out, attended))
                skips.append(size := out)
            if i < 3:
                self.down.append(nn.Conv2d(out, out, 3, stride=2, padding=1))
                skips.append(out)
        self.mid = nn.ModuleList([self.layer(size, size, True), self.layer(size, size, False)])
        for i, out in reversed(list(enumerate(LEVELS))):
            for _ in range(3):
                self.up.append(self.layer(size + skips.pop(), out, i < 3))
                size = out
            if i > 0:
                self.up.append(nn.Conv2d(out, out, 3, padding=1))
        self.norm_out = nn.GroupNorm(GROUPS, size)
        self.conv_out = nn.Conv2d(size, 4, 3, padding=1)

    @staticmethod
    def layer(size_in, size_out, attended):
        parts = [Resnet(size_in, size_out)] + ([Transformer(size_out)] if attended else [])
        return nn.ModuleList(parts)

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


def main():
    numbers = [int(text) for text in sys.argv[1:] if text != "--check"]
    side, batch, threads = numbers
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    checking = "--check" in sys.argv
    with torch.device("meta" if checking else "cpu"):
        unet = UNet()
        sample, target = (torch.randn(batch, 4, side, side) for _ in range(2))
        features, context = torch.randn(batch, LEVELS[0]), torch.randn(batch, 77, CONTEXT)
    for name, parameter in unet.named_parameters():
        parameter.requires_grad_(name.endswith((".down", ".up")))
    if checking:
        check(unet, lambda: unet(sample, features, context))
        return

    def step():
        unet.zero_grad(set_to_none=True)
        F.mse_loss(unet(sample, features, context), target).backward()

    print("{}", flush=True)
    for _ in sys.stdin:
        start = time.perf_counter()
        step()
        seconds = time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        print(json.dumps({"seconds": seconds, "peakBytes": peak}), flush=True)


main()
