"""What exercises hand over ready-made: layers, gates, networks, the digits, a training run. A student may call any of it."""
