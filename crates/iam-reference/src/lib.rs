//! What AWS's service authorization reference says: services, actions, resource types, condition keys.
