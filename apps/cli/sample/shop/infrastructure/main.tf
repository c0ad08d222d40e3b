# Needs no provider from anywhere: terraform_data is built in.
resource "terraform_data" "shop" {
  input = "shop"
}

output "name" {
  value = terraform_data.shop.output
}
