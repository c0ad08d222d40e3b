resource "terraform_data" "database" {
  input = "shop"
}
