"""Whether what a sampler returns follows the law it claims."""
