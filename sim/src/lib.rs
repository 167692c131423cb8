//! A seeded world of phones, endpoint, network, disk and clock; holds no logic of the product.
